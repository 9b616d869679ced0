package io.turnstream.audit.archive;

/// What an archive may ask of whoever reads it. A file can claim anything; these bound what is believed.
///
/// @param entries most files in it
/// @param totalBytes most bytes of all files together, uncompressed
/// @param lineBytes most bytes of one line of events
/// @param imageBytes most bytes of one image
/// @param partBytes most bytes of the manifest
/// @param schemas most schemas
/// @param schemaBytes most bytes of one schema
/// @param packs most protocol packs
/// @param packFiles most files of one protocol pack
/// @param packBytes most bytes of one protocol pack, all of its files together: what is in memory of packs
/// @param ratio most times that a file may be larger than it is compressed
public record ArchiveLimits(
        int entries, long totalBytes, int lineBytes, int imageBytes, int partBytes, int schemas, int schemaBytes,
        int packs, int packFiles, int packBytes,
        int ratio) {

    /// Most tokens of JSON in a line, whose tree is in memory: a hundred thousand fields.
    static final int LINE_TOKENS = 400_000;

    /// Bytes of a name, and of what stands beside it, in a table of contents.
    private static final int NAME_BYTES = 512;
    private static final int FEW_NAMES = 64 << 10;

    /// Most bytes of the ZIP file's table of contents, which is read as a whole.
    long tableBytes() {
        return FEW_NAMES + (long) entries * NAME_BYTES;
    }

    /// Most tokens of JSON in the manifest: it names every file.
    long manifestTokens() {
        return 100_000L + 16L * entries;
    }

    /// For archives of up to a million dialogues. Events compress 3 to 10 times; a deflate bomb 1,000 times.
    public static ArchiveLimits standard() {
        return new ArchiveLimits(200_000, 256L << 30, 64 << 20, 64 << 20, 64 << 20, 1_000, 256 << 10, 1_000, 64,
                16 << 20, 200);
    }
}
