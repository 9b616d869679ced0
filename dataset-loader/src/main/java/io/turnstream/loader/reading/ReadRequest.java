package io.turnstream.loader.reading;

/// What is wanted of a file.
///
/// @param variants whether the variant images are read; where not, they are not even fetched from the disk
/// @param rowsToSkip rows at the beginning that nobody needs; a source may skip fewer, but says how many
/// @param budgetBytes most memory that one row group may take, in bytes
public record ReadRequest(boolean variants, long rowsToSkip, long budgetBytes) {

    public ReadRequest {
        if (rowsToSkip < 0 || budgetBytes <= 0) {
            throw new IllegalArgumentException("rowsToSkip %d, budgetBytes %d".formatted(rowsToSkip, budgetBytes));
        }
    }
}
