package io.turnstream.loader.planning;

import io.turnstream.benchmark.pack.ImageSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is to be planned.
///
/// @param dataset folder or files
/// @param captions captions file; null for `captions.json` beside the data set, if it is there
/// @param categories categories file; null for `categories.csv` beside the data set, if it is there
/// @param images how images are prepared
/// @param judged whether each dialogue is judged
public record PlanRequest(
        List<Path> dataset,
        @Nullable Path captions,
        @Nullable Path categories,
        Selection selection,
        ImageSettings images,
        boolean judged) {

    public PlanRequest {
        dataset = List.copyOf(dataset);
    }
}
