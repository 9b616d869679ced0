package io.turnstream.loader.reading.jsonl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.turnstream.loader.reading.RawRow;
import io.turnstream.loader.reading.ReadRequest;
import io.turnstream.loader.reading.RowRejection;
import io.turnstream.loader.reading.RowSink;
import io.turnstream.loader.reading.RowSink.Demand;
import io.turnstream.loader.reading.RowSource;
import io.turnstream.loader.reading.SourceFile;
import io.turnstream.loader.reading.UnusableFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;

/// Reads one JSON object a line. Blank lines are passed over; a line that is no JSON object rejects that row alone.
public final class JsonlRows implements RowSource {

    /// Characters of a line; a row of the public data set has about 10,000.
    private static final int LONGEST_LINE = 8 * 1024 * 1024;

    private final JsonMapper json =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    @Override
    public void read(SourceFile file, ReadRequest request, RowSink sink) {
        long position = 0;
        try (BufferedReader lines = Files.newBufferedReader(file.path())) {
            for (Line line = nextLine(lines); line != Line.END; line = nextLine(lines)) {
                if (line.text().isBlank() && !line.tooLong()) {
                    continue;
                }
                if (position < request.rowsToSkip()) {
                    sink.skipped(1);
                } else if (readLine(line, file, position, request, sink) == Demand.ENOUGH) {
                    return;
                }
                position++;
            }
        } catch (CharacterCodingException e) {
            throw unusable(file, "it is no text in UTF-8 (near row " + position + ")", "save it as such, one JSON object a line");
        } catch (AccessDeniedException e) {
            throw unusable(file, "permission denied", "check its permissions");
        } catch (IOException e) {
            throw unusable(file, String.valueOf(e.getMessage()), "check the file");
        }
        if (position == 0) {
            throw unusable(file, "it is empty", "check the file");
        }
    }

    private Demand readLine(Line line, SourceFile file, long position, ReadRequest request, RowSink sink) {
        var place = new RowRejection.Place(file.name(), file.split(), position, null);
        if (line.tooLong()) {
            sink.rejected(place.rejectRow("line", "the line is longer than " + LONGEST_LINE + " characters",
                    "one row a line, images as paths", "put images into files of their own"));
            return Demand.MORE;
        }
        JsonNode row;
        try {
            row = json.readTree(line.text());
        } catch (JsonProcessingException e) {
            sink.rejected(place.rejectRow("line", "the line is no JSON: " + e.getOriginalMessage(),
                    "one JSON object a line", "correct the line"));
            return Demand.MORE;
        }
        if (!row.isObject()) {
            sink.rejected(place.rejectRow("line", "the line is a JSON " + row.getNodeType().name().toLowerCase(java.util.Locale.ROOT),
                    "one JSON object a line", "correct the line"));
            return Demand.MORE;
        }
        JsonRow parsed = new JsonRow(row, file, place);
        return parsed.mismatch()
                .map(rejection -> {
                    sink.rejected(rejection);
                    return Demand.MORE;
                })
                .orElseGet(() -> sink.row(parsed.toRow(request.variants())));
    }

    private static UnusableFileException unusable(SourceFile file, String why, String remedy) {
        return new UnusableFileException(RowRejection.ofFile(file, null, "the file cannot be read: " + why,
                "a file with one JSON object a line", remedy, 0));
    }

    /// A line whose length is bounded, unlike that of `BufferedReader.readLine`.
    private static Line nextLine(BufferedReader reader) throws IOException {
        StringBuilder text = new StringBuilder();
        boolean any = false;
        boolean tooLong = false;
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            any = true;
            if (c == '\n') {
                break;
            }
            if (text.length() < LONGEST_LINE) {
                text.append((char) c);
            } else {
                tooLong = true;
            }
        }
        return any ? new Line(text.toString(), tooLong) : Line.END;
    }

    private record Line(String text, boolean tooLong) {
        private static final Line END = new Line("", false);
    }
}
