package io.turnstream.loader.planning;

import io.turnstream.benchmark.Intent;
import io.turnstream.benchmark.Modality;
import io.turnstream.loader.images.PreparedImage;
import io.turnstream.loader.planning.PlannedDialogue.SentImage;
import io.turnstream.loader.validation.Question;
import io.turnstream.loader.validation.Row;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Turns rows into dialogues and numbers them: for each row epoch by epoch, multimodal before unimodal, the row's own
/// image before its variants, the unsafe twin beside the safe one.
final class DialogueSeries {

    private final Selection selection;
    private final Captions captions;
    private final Categories categories;
    private int next;

    DialogueSeries(Selection selection, Captions captions, Categories categories) {
        this.selection = selection;
        this.captions = captions;
        this.categories = categories;
    }

    void dialoguesOf(Row row, RowImages.Ready images, Consumer<PlannedDialogue> dialogues) {
        for (int epoch = 1; epoch <= selection.epochs(); epoch++) {
            for (Modality modality : Modality.values()) {
                if (!selection.modalities().contains(modality)) {
                    continue;
                }
                switch (modality) {
                    case MULTIMODAL -> {
                        for (Map.Entry<Integer, PreparedImage> image : images.byVariant().entrySet()) {
                            SentImage sent = new SentImage(image.getValue().sha256(), image.getValue().mediaType());
                            twins(row, modality, image.getKey(), epoch, images.cluster(), sent, dialogues);
                        }
                    }
                    case UNIMODAL -> twins(row, modality, 0, epoch, images.cluster(), null, dialogues);
                }
            }
        }
    }

    private void twins(Row row, Modality modality, int variant, int epoch, String cluster, @Nullable SentImage image,
            Consumer<PlannedDialogue> dialogues) {
        Row.Side side = row.sides().get(modality);
        String caption = image == null ? null : captions.of(row.id()).orElse(null);
        for (Intent intent : List.of(Intent.UNSAFE, Intent.SAFE)) {
            List<String> turns = side.turns().get(intent);
            if (turns == null) {
                continue;
            }
            List<Question> questions = side.questions().stream().filter(question -> question.intent() == intent)
                    .toList();
            dialogues.accept(new PlannedDialogue(next++, row.split(), row.id(), modality, intent, variant, epoch,
                    categories.of(row.split(), row.id()), cluster, turns, questions, caption, image));
        }
    }
}
