package io.turnstream.loader.planning;

import io.turnstream.loader.images.ImagePreparer;
import io.turnstream.loader.reading.RawRow;
import io.turnstream.loader.validation.Row;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/// Prepares the images of several rows side by side and hands the rows on in the order in which they came.
final class ImagePipeline {

    private final ExecutorService workers;
    private final int mostInFlight;
    private final ImagePreparer preparer;
    private final PlanRequest request;
    private final Deque<InFlight> inFlight = new ArrayDeque<>();

    ImagePipeline(ExecutorService workers, int mostInFlight, ImagePreparer preparer, PlanRequest request) {
        this.workers = workers;
        this.mostInFlight = mostInFlight;
        this.preparer = preparer;
        this.request = request;
    }

    private record InFlight(Row row, RawRow raw, Future<RowImages> images) {}

    /// Takes rows whose images are done.
    interface Next {
        void take(Row row, RawRow raw, RowImages images);
    }

    /// Takes a row; waits for the oldest one if enough are under way.
    void add(Row row, RawRow raw, Next next) {
        while (inFlight.size() >= mostInFlight) {
            handOn(next);
        }
        inFlight.add(new InFlight(row, raw,
                workers.submit(() -> RowImages.prepare(row, request.selection(), request.images(), preparer))));
    }

    /// Waits for all rows.
    void drain(Next next) {
        while (!inFlight.isEmpty()) {
            handOn(next);
        }
    }

    private void handOn(Next next) {
        InFlight oldest = inFlight.remove();
        try {
            next.take(oldest.row(), oldest.raw(), oldest.images().get());
        } catch (InterruptedException e) {
            throw new PlanningStopped(true);
        } catch (ExecutionException e) {
            throw new IllegalStateException("preparing the images of " + oldest.row(), e.getCause());
        }
    }
}
