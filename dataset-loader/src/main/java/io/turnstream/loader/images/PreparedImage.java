package io.turnstream.loader.images;

/// An image in the image store, ready to be sent.
///
/// @param sourceSha256 SHA-256 (hex) of the image as the data set has it
/// @param sha256 SHA-256 (hex) of the prepared image: its name in the image store
/// @param mediaType of the prepared image, such as `image/jpeg`
/// @param reused whether it was prepared before
public record PreparedImage(String sourceSha256, String sha256, String mediaType, boolean reused) {}
