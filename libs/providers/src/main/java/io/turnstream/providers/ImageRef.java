package io.turnstream.providers;

import java.util.regex.Pattern;

/// A prepared image, by its digest.
///
/// @param sha256    SHA-256 (hex) of its bytes
/// @param mediaType `image/jpeg`, `image/png`, ...
public record ImageRef(String sha256, String mediaType) {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern MEDIA_TYPE = Pattern.compile("image/[a-z0-9][a-z0-9.+-]*");

    public ImageRef {
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("'" + sha256 + "' is no SHA-256 in lower-case hex");
        }
        if (!MEDIA_TYPE.matcher(mediaType).matches()) {
            throw new IllegalArgumentException("'" + mediaType + "' is no image's media type");
        }
    }
}
