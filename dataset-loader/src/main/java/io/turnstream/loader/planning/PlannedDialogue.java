package io.turnstream.loader.planning;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.loader.validation.Question;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A dialogue to be run.
///
/// @param ordinal position in the plan, 0..; the same whenever the same request is planned again on the same data set
/// @param imageVariant 0 for the row's own image, 1.. for its variants; 0 when unimodal
/// @param epoch 1..
/// @param category safety scenario, or [Categories#NONE]
/// @param imageCluster SHA-256 (hex) of the row's own image as the data set has it: dialogues with the same one hang
///         together
/// @param userTurns three
/// @param questions asked after the third answer, in the order of the data set
/// @param caption what the judge reads instead of the image; null when unimodal or missing
/// @param image what is sent; null when unimodal
public record PlannedDialogue(
        int ordinal,
        Split split,
        int rowId,
        Modality modality,
        Intent intent,
        int imageVariant,
        int epoch,
        String category,
        String imageCluster,
        List<String> userTurns,
        List<Question> questions,
        @Nullable String caption,
        @Nullable SentImage image) {

    public PlannedDialogue {
        userTurns = List.copyOf(userTurns);
        questions = List.copyOf(questions);
        if ((modality == Modality.MULTIMODAL) != (image != null)) {
            throw new IllegalArgumentException(
                    modality + " dialogue " + (image == null ? "without" : "with") + " image");
        }
    }

    /// A prepared image in the image store.
    ///
    /// @param sha256 its name there
    public record SentImage(String sha256, String mediaType) {}

    @Override
    public String toString() {
        return "PlannedDialogue[" + ordinal + ", " + split.wireName() + "/" + rowId + "/" + modality.wireName() + "/"
                + intent.wireName() + "/v" + imageVariant + "/e" + epoch + "]";
    }
}
