package io.turnstream.loader.reading.jsonl;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.turnstream.loader.reading.JsonFault;
import io.turnstream.loader.reading.RawRow;
import io.turnstream.loader.reading.ReadRequest;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.RowRejection.Scope;
import io.turnstream.loader.reading.RowSink;
import io.turnstream.loader.reading.RowSink.Demand;
import io.turnstream.loader.reading.RowSource;
import io.turnstream.loader.reading.SourceFile;
import io.turnstream.loader.reading.UnusableFileException;
import io.turnstream.loader.reading.jsonl.Utf8Lines.Line;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one JSON object a line. Blank lines are passed over; a line that is no JSON object rejects that row alone.
///
/// Several rows on one line, as `cat` makes them of files without a last line end, are as many rows. A row spread over
/// several lines is not read: it is one rejection with what helps, however many such rows stand one after the other. A
/// line that breaks off within a text begins no such row, and ends one: JSON has no line end within a text.
public final class JsonlRows implements RowSource {

    private static final String ONE_A_LINE = "one JSON object a line";
    private static final String CORRECT = "correct the line";

    private final JsonMapper json = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    @Override
    public void read(SourceFile file, ReadRequest request, RowSink sink) {
        try (Utf8Lines lines = Utf8Lines.open(file.path())) {
            new Reading(file, request, sink, lines).readAll();
        } catch (AccessDeniedException e) {
            throw unusable(file, "permission denied", "check its permissions");
        } catch (IOException e) {
            throw unusable(file, "the disk or the file system does not give it", "check the file");
        }
    }

    private static UnusableFileException unusable(SourceFile file, String why, String remedy) {
        return new UnusableFileException(RowRejection.ofFile(file, null, "the file cannot be read: " + why,
                "a file with one JSON object a line", remedy, 0));
    }

    /// What stands on a line: a row, or something that is none.
    private sealed interface Piece {

        record Value(JsonNode row) implements Piece {}

        /// @param goesOn whether it could be the beginning of a row that goes on on the next line
        record Fault(String problem, String remedy, boolean goesOn) implements Piece {}
    }

    /// Rows one after the other that are spread over several lines each.
    private static final class SpreadRows {

        private final long firstRow;
        private final long firstLine;
        private long lastLine;
        private long rows;
        private @Nullable OpenBraces open;

        private SpreadRows(long firstRow, long firstLine) {
            this.firstRow = firstRow;
            this.firstLine = firstLine;
        }

        /// Whether a row can go on from the first line to the second.
        private static boolean goOn(Line line, @Nullable Line next) {
            if (line.text() == null || next == null || !next.mayContinueValue()) {
                return false;
            }
            OpenBraces braces = new OpenBraces();
            return braces.areOpenAfter(line.text()) && !braces.isInText();
        }

        private void begin(Line line) {
            rows++;
            open = new OpenBraces();
            take(line, open);
        }

        /// Whether the line belongs to a row that began before.
        private boolean takes(Line line) {
            if (open == null || !line.mayContinueValue()) {
                open = null;
                return false;
            }
            take(line, open);
            return true;
        }

        private void take(Line line, OpenBraces braces) {
            lastLine = line.number();
            if (line.text() == null || !braces.areOpenAfter(line.text()) || braces.isInText()) {
                open = null;
            }
        }
    }

    /// One reading of one file.
    private final class Reading {

        private final SourceFile file;
        private final ReadRequest request;
        private final RowSink sink;
        private final Utf8Lines lines;
        private @Nullable Line ahead;
        private @Nullable SpreadRows spread;
        private long position;

        private Reading(SourceFile file, ReadRequest request, RowSink sink, Utf8Lines lines) {
            this.file = file;
            this.request = request;
            this.sink = sink;
            this.lines = lines;
        }

        private void readAll() throws IOException {
            ahead = nextFilled();
            requireLines(ahead);
            for (Line line = advance(); line != null; line = advance()) {
                if (spread != null && spread.takes(line)) {
                    continue;
                }
                for (Piece piece : pieces(line)) {
                    if (take(piece, line) == Demand.ENOUGH) {
                        return;
                    }
                }
            }
            endSpread();
        }

        /// The next line that is not blank, with the one behind it known already.
        private @Nullable Line advance() throws IOException {
            Line line = ahead;
            ahead = line == null ? null : nextFilled();
            return line;
        }

        private @Nullable Line nextFilled() throws IOException {
            Line line = lines.next();
            while (line != null && line.isBlank()) {
                line = lines.next();
            }
            return line;
        }

        /// What shows at the first line and holds for all of them.
        private void requireLines(@Nullable Line first) {
            if (first == null) {
                throw unusable(file, "it is empty", "check the file");
            }
            if (first.isOtherEncoding()) {
                throw unusable(file, "it is no text in UTF-8", "save it as such, one JSON object a line");
            }
            if (first.text() != null && first.text().stripLeading().startsWith("[")) {
                throw unusable(file, "it is one JSON array",
                        "write each of its rows on one line: jq -c '.[]' FILE > ROWS.jsonl");
            }
        }

        private List<Piece> pieces(Line line) {
            if (line.text() == null) {
                return List.of(new Piece.Fault(line.problem(),
                        "write one row a line in UTF-8, with images in files of their own", false));
            }
            List<Piece> pieces = new ArrayList<>();
            boolean within = false;
            try (JsonParser parser = json.createParser(line.text())) {
                while (parser.nextToken() != null) {
                    if (!pieces.isEmpty() && parser.currentToken() != JsonToken.START_OBJECT) {
                        return behindRow(pieces);
                    }
                    within = true;
                    JsonNode node = json.readTree(parser);
                    if (!node.isObject()) {
                        return List.of(new Piece.Fault("it is " + JsonFault.kind(node), CORRECT, false));
                    }
                    pieces.add(new Piece.Value(node));
                    within = false;
                }
            } catch (JsonProcessingException e) {
                if (!within && !pieces.isEmpty()) {
                    return behindRow(pieces);
                }
                JsonFault fault = JsonFault.of(e);
                pieces.add(new Piece.Fault(fault.what() + " (character " + fault.character() + ")", CORRECT,
                        fault.breaksOff()));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException("reading from memory", e);
            }
            return pieces;
        }

        private static List<Piece> behindRow(List<Piece> pieces) {
            pieces.set(pieces.size() - 1,
                    new Piece.Fault("something stands behind the row that is no row", CORRECT, false));
            return pieces;
        }

        private Demand take(Piece piece, Line line) {
            boolean breaksOff = piece instanceof Piece.Fault fault && fault.goesOn();
            if (breaksOff && SpreadRows.goOn(line, ahead)) {
                if (spread == null) {
                    spread = new SpreadRows(position, line.number());
                }
                spread.begin(line);
                position++;
                return Demand.MORE;
            }
            endSpread();
            long row = position++;
            if (row < request.rowsToSkip()) {
                sink.skipped(1);
                return Demand.MORE;
            }
            RowRejection.Place place = new RowRejection.Place(file.name(), file.split(), row, null);
            return switch (piece) {
                case Piece.Fault fault -> reject(place.rejectRow("line",
                        "line " + line.number() + ": " + fault.problem(), ONE_A_LINE, fault.remedy()));
                case Piece.Value value -> read(new JsonRow(value.row(), file, row));
            };
        }

        private Demand read(JsonRow row) {
            RawRow raw = row.toRow(request.variants());
            Optional<RowRejection> rejection = row.rejection();
            return rejection.isPresent() ? reject(rejection.get()) : sink.row(raw);
        }

        private Demand reject(RowRejection rejection) {
            sink.rejected(rejection);
            return Demand.MORE;
        }

        private void endSpread() {
            SpreadRows over = spread;
            if (over == null) {
                return;
            }
            spread = null;
            long passed = Math.clamp(request.rowsToSkip() - over.firstRow, 0, over.rows);
            if (passed > 0) {
                sink.skipped(passed);
            }
            if (passed < over.rows) {
                long rows = over.rows - passed;
                sink.rejected(new RowRejection(Scope.ROW_GROUP, file.name(), file.split(), over.firstRow + passed, null,
                        "line",
                        "lines %d to %d: %s several lines".formatted(over.firstLine, over.lastLine,
                                rows == 1 ? "a row is spread over" : rows + " rows are each spread over"),
                        "a row on one line", "write each row on one line: jq -c . FILE > ROWS.jsonl", rows));
            }
        }
    }
}
