package io.turnstream.projection.document;

/// How many steps a run's plan holds for one group; names are wire names.
public record PlannedSteps(String split, String modality, String intent, String category, String kind, long count) {}
