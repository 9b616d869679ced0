package io.turnstream.loader.planning;

import io.turnstream.loader.images.ImagePreparer;
import io.turnstream.loader.reading.DatasetFiles;
import io.turnstream.loader.reading.ReadRequest;
import io.turnstream.loader.reading.ReadableFolders;
import io.turnstream.loader.reading.SourceFile;
import io.turnstream.loader.reading.UnusableDatasetException;
import io.turnstream.loader.reading.UnusableFileException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Plans runs: reads a data set once, from front to back, and streams the dialogues it becomes.
///
/// In memory are one row group, the rows whose images are being prepared (two for each thread), and a few bytes for
/// each row. The same request on the same files gives the same plan, dialogue by dialogue, so that planning can be
/// repeated after a crash.
public final class DatasetPlanner {

    private final ImagePreparer preparer;
    private final int threads;
    private final long rowGroupBudgetBytes;
    private final ReadableFolders readable;

    /// @param threads images prepared at the same time
    /// @param rowGroupBudgetBytes most memory that one row group may take, in bytes
    public DatasetPlanner(ImagePreparer preparer, int threads, long rowGroupBudgetBytes) {
        this(preparer, threads, rowGroupBudgetBytes, ReadableFolders.EVERYWHERE);
    }

    /// @param readable which files may be read
    public DatasetPlanner(ImagePreparer preparer, int threads, long rowGroupBudgetBytes, ReadableFolders readable) {
        if (threads < 1 || rowGroupBudgetBytes < 1) {
            throw new IllegalArgumentException(
                    "threads %d, rowGroupBudgetBytes %d".formatted(threads, rowGroupBudgetBytes));
        }
        this.preparer = preparer;
        this.threads = threads;
        this.rowGroupBudgetBytes = rowGroupBudgetBytes;
        this.readable = readable;
    }

    /// The share of this process's heap that one row group may take by default: 60 %, which leaves room for what else
    /// runs.
    public static long defaultRowGroupBudgetBytes() {
        return Runtime.getRuntime().maxMemory() / 10 * 6;
    }

    /// Plans a run.
    ///
    /// @throws UnusableDatasetException if the data set, captions or categories cannot be used, or nothing is left to
    /// run
    /// @throws InterruptedException if interrupted
    public Plan plan(PlanRequest request, PlanListener listener) throws InterruptedException {
        DatasetFiles dataset = DatasetFiles.find(request.dataset(), readable);
        Captions captions = Captions.load(request.captions(), dataset.roots(), readable);
        Categories categories = Categories.load(request.categories(), dataset.roots(), readable);
        listener.begun(captions.sha256());
        try (ExecutorService workers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("image-preparation-", 0).factory())) {
            Planning planning = new Planning(request, captions, categories, listener,
                    new ImagePipeline(workers, 2 * threads, preparer, request));
            try {
                for (SourceFile file : dataset.files()) {
                    if (!planning.wants(file)) {
                        continue;
                    }
                    read(file, request, planning);
                }
                return planning.finish();
            } catch (PlanningStopped e) {
                workers.shutdownNow();
                if (e.isInterruption()) {
                    throw new InterruptedException("planning was interrupted");
                }
                return planning.soFar();
            }
        }
    }

    private void read(SourceFile file, PlanRequest request, Planning planning) {
        planning.begin(file);
        try {
            file.format().rows().read(file,
                    new ReadRequest(request.selection().sendsVariants(), planning.rowsToSkip(file),
                            rowGroupBudgetBytes),
                    planning);
        } catch (UnusableFileException e) {
            planning.rejected(e.rejection());
        }
    }
}
