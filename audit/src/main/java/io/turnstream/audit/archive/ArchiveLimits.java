package io.turnstream.audit.archive;

/// What an archive may ask of whoever reads it. A file can claim anything; these bound what is believed.
///
/// @param entries most files in it
/// @param totalBytes most bytes of all files together, uncompressed
/// @param lineBytes most bytes of one line of events
/// @param imageBytes most bytes of one image
/// @param partBytes most bytes of the manifest, of a schema and of a file of a protocol pack
/// @param ratio most times that a file may be larger than it is compressed
public record ArchiveLimits(int entries, long totalBytes, int lineBytes, int imageBytes, int partBytes, int ratio) {

    /// For archives of up to a million dialogues. Events compress 3 to 10 times; a deflate bomb 1,000 times.
    public static ArchiveLimits standard() {
        return new ArchiveLimits(200_000, 256L << 30, 64 << 20, 64 << 20, 64 << 20, 200);
    }
}
