package io.turnstream.loader.reading;

import java.util.ArrayList;
import java.util.List;

/// Keeps what a source hands it.
public final class RecordingSink implements RowSink {

    private final List<RawRow> rows = new ArrayList<>();
    private final List<RowRejection> rejections = new ArrayList<>();
    private long skipped;

    public List<RawRow> rows() {
        return rows;
    }

    public List<Integer> ids() {
        return rows.stream().map(RawRow::id).toList();
    }

    public List<RowRejection> rejections() {
        return rejections;
    }

    public long skipped() {
        return skipped;
    }

    /// Rows the sink heard of in one way or another.
    public long heardOf() {
        return rows.size() + skipped + rejections.stream().mapToLong(RowRejection::rows).sum();
    }

    @Override
    public Demand row(RawRow row) {
        rows.add(row);
        return Demand.MORE;
    }

    @Override
    public void rejected(RowRejection rejection) {
        rejections.add(rejection);
    }

    @Override
    public void skipped(long count) {
        skipped += count;
    }
}
