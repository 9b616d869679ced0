package io.turnstream.loader.planning;

import io.turnstream.benchmark.Modality;
import io.turnstream.benchmark.Split;
import io.turnstream.loader.images.PreparedImage;
import io.turnstream.loader.planning.Categories.Key;
import io.turnstream.loader.reading.RawRow;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.RowRejection.Scope;
import io.turnstream.loader.reading.RowSink;
import io.turnstream.loader.reading.SourceFile;
import io.turnstream.loader.reading.UnusableDatasetException;
import io.turnstream.loader.validation.Row;
import io.turnstream.loader.validation.RowValidator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One planning under way: selects rows, has them validated and their images prepared, and counts.
final class Planning implements RowSink {

    private final PlanRequest request;
    private final Selection selection;
    private final Captions captions;
    private final PlanListener listener;
    private final ImagePipeline images;
    private final RowValidator validator;
    private final DialogueSeries series;
    private final PlanCounts counts;
    private final DatasetDigest digest = new DatasetDigest();
    private final Map<Split, Long> positions = new EnumMap<>(Split.class);
    private final Map<Split, Set<Integer>> samplesFound = new EnumMap<>(Split.class);
    private final Set<Key> seen = new HashSet<>();

    private @Nullable SourceFile file;
    private @Nullable RowRejection firstRejection;
    private long rows;
    private long rejectedRows;
    private long rejectedQuestions;
    private long warnings;
    private long withoutCaption;
    private long imagesPrepared;
    private long imagesReused;

    Planning(PlanRequest request, Captions captions, Categories categories, PlanListener listener,
            ImagePipeline images) {
        this.request = request;
        this.selection = request.selection();
        this.captions = captions;
        this.listener = listener;
        this.images = images;
        this.validator = new RowValidator(selection.modalities(), selection.intents());
        this.series = new DialogueSeries(selection, captions, categories);
        this.counts = new PlanCounts(request.judged());
        for (Split split : Split.values()) {
            positions.put(split, 0L);
            samplesFound.put(split, new HashSet<>());
        }
        categories.problems().forEach(this::report);
    }

    boolean wants(SourceFile candidate) {
        return candidate.split() == null ? !allDone() : !isDone(candidate.split());
    }

    long rowsToSkip(SourceFile candidate) {
        return candidate.split() == null ? 0 : Math.max(0, selection.firstRow() - positions.get(candidate.split()));
    }

    void begin(SourceFile next) {
        file = next;
    }

    @Override
    public Demand row(RawRow raw) {
        if (listener.isCancelled()) {
            throw new PlanningStopped(false);
        }
        if (isSelected(raw)) {
            rows++;
            validate(raw);
        }
        return demand();
    }

    @Override
    public void rejected(RowRejection rejection) {
        if (rejection.scope() == Scope.FILE) {
            rows += rejection.rows();
            report(rejection);
            return;
        }
        Split split = rejection.split();
        long from = split == null ? 0 : advance(split, rejection.rows());
        long wanted = 0;
        for (long i = 0; i < rejection.rows(); i++) {
            if (split == null || selection.splits().contains(split) && selection.covers(from + i)) {
                wanted++;
            }
        }
        if (wanted > 0) {
            rows += wanted;
            report(new RowRejection(rejection.scope(), rejection.file(), split, rejection.row(), rejection.rowId(),
                    rejection.field(), rejection.problem(), rejection.expected(), rejection.remedy(), wanted));
        }
    }

    @Override
    public void skipped(long count) {
        if (file != null && file.split() != null) {
            advance(file.split(), count);
        }
    }

    /// What was planned, once all files are read.
    Plan finish() {
        images.drain(this::plan);
        if (withoutCaption > 0 && !captions.exist()) {
            report(RowRejection.warnOfFile(Captions.FILE, "captions",
                    "there is no captions file: the judge reads " + withoutCaption + " rows without a caption",
                    "a captions file beside the data set or with --captions", "add one", withoutCaption));
        }
        Set<Integer> missing = new TreeSet<>(selection.sampleIds());
        samplesFound.values().forEach(missing::removeAll);
        if (!missing.isEmpty()) {
            report(RowRejection.warnOfFile("data set", "id", "no row has the sample ids " + missing,
                    "ids of the data set",
                    "check --sample-id", missing.size()));
        }
        if (counts.dialogues() == 0) {
            throw nothingToRun();
        }
        return plan(false);
    }

    /// What was planned until the listener wanted no more.
    Plan soFar() {
        return plan(true);
    }

    private Plan plan(boolean cutShort) {
        return new Plan(cutShort, counts, rows, rejectedRows, rejectedQuestions, warnings, digest.value(),
                captions.sha256(),
                imagesPrepared, imagesReused);
    }

    private boolean isSelected(RawRow raw) {
        Split split = raw.split();
        if (split == null) {
            return true;
        }
        long position = advance(split, 1);
        if (!selection.splits().contains(split) || !selection.covers(position)) {
            return false;
        }
        if (selection.sampleIds().isEmpty()) {
            return true;
        }
        if (raw.id() != null && selection.sampleIds().contains(raw.id())) {
            samplesFound.get(split).add(raw.id());
            return true;
        }
        return false;
    }

    private void validate(RawRow raw) {
        if (raw.split() != null && raw.id() != null && !seen.add(new Key(raw.split(), raw.id()))) {
            report(raw.place().rejectRow("id", "an earlier row of the split has the id " + raw.id(),
                    "an id for each row of a split", "give the row an id of its own"));
            return;
        }
        validator.validate(raw, this::report).ifPresent(row -> images.add(row, raw, this::plan));
    }

    private void plan(Row row, RawRow raw, RowImages prepared) {
        switch (prepared) {
            case RowImages.Unusable unusable -> report(unusable.rejection());
            case RowImages.Ready ready -> {
                ready.warnings().forEach(this::report);
                for (PreparedImage image : ready.byVariant().values()) {
                    if (image.reused()) {
                        imagesReused++;
                    } else {
                        imagesPrepared++;
                    }
                }
                checkCaption(row);
                digest.add(row.split(), row.id(), ready.cluster(), raw);
                series.dialoguesOf(row, ready, dialogue -> {
                    counts.add(dialogue);
                    listener.planned(dialogue);
                });
            }
        }
    }

    private void checkCaption(Row row) {
        if (!request.judged() || !row.sides().containsKey(Modality.MULTIMODAL) || captions.of(row.id()).isPresent()) {
            return;
        }
        withoutCaption++;
        if (captions.exist()) {
            report(row.place().warn("caption",
                    "there is no caption for this id: the judge reads the dialogue without one",
                    "an entry for each row id", "add the id to the captions file"));
        }
    }

    private void report(RowRejection rejection) {
        switch (rejection.scope()) {
            case FILE, ROW_GROUP, ROW -> rejectedRows += rejection.rows();
            case QUESTION -> rejectedQuestions++;
            case WARNING -> warnings += Math.max(1, rejection.rows());
        }
        if (firstRejection == null && !rejection.isWarning()) {
            firstRejection = rejection;
        }
        listener.rejected(rejection);
    }

    private UnusableDatasetException nothingToRun() {
        RowRejection first = firstRejection;
        if (first == null) {
            return new UnusableDatasetException("no row is within the selection", "--split, --limit, --sample-id",
                    "select rows that the data set has");
        }
        String where = first.file() + (first.row() == null ? "" : ", row " + first.row())
                + (first.rowId() == null ? "" : " (id " + first.rowId() + ")")
                + (first.field() == null ? "" : ", " + first.field());
        return new UnusableDatasetException(
                "nothing can be run; first: " + first.problem() + ", expected " + first.expected(),
                where, first.remedy());
    }

    /// Moves a split's position on and returns where it was.
    private long advance(Split split, long count) {
        long position = positions.get(split);
        positions.put(split, position + count);
        return position;
    }

    private Demand demand() {
        return file != null && wants(file) ? Demand.MORE : Demand.ENOUGH;
    }

    private boolean allDone() {
        return selection.splits().stream().allMatch(this::isDone);
    }

    private boolean isDone(Split split) {
        return !selection.splits().contains(split)
                || selection.isPast(positions.get(split))
                || !selection.sampleIds().isEmpty() && samplesFound.get(split).containsAll(selection.sampleIds());
    }
}
