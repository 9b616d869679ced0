package io.turnstream.providers.images;

/// An image that the store should hold and cannot give: it is missing, or its bytes are not what its name says.
public final class UnavailableImageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String sha256;

    UnavailableImageException(String sha256, String problem) {
        super("image " + sha256 + " " + problem);
        this.sha256 = sha256;
    }

    /// Digest (hex) of the image that was asked for.
    public String sha256() {
        return sha256;
    }
}
