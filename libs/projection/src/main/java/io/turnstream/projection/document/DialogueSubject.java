package io.turnstream.projection.document;

/// Which dialogue of which row. Names are wire names, such as `type_a`.
///
/// @param runId ULID
/// @param dialogueId the dialogue's key; starts with the run's id
/// @param split `type_a` or `type_b`
/// @param rowId the row's id in its split
/// @param modality `multimodal` or `unimodal`
/// @param intent `safe` or `unsafe`
/// @param imageVariant 0 for the row's own image, 1.. for its variants
/// @param epoch 1..
/// @param category safety scenario
/// @param imageCluster SHA-256 (hex) of the base image: what intervals are clustered by
public record DialogueSubject(
        String runId, String dialogueId, String split, int rowId, String modality, String intent, int imageVariant,
        int epoch,
        String category, String imageCluster) {}
