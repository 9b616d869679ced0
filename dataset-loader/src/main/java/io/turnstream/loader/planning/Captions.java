package io.turnstream.loader.planning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.turnstream.events.AnswerBounds;
import io.turnstream.events.EventDigests;
import io.turnstream.events.Texts;
import io.turnstream.loader.reading.JsonFault;
import io.turnstream.loader.reading.ReadableFolders;
import io.turnstream.loader.reading.UnusableDatasetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a judge reads instead of an image, by row id; the same id is the same image in both splits.
///
/// @param sha256 SHA-256 (hex) of the file; null where there is no file
public record Captions(Map<Integer, String> byId, @Nullable String sha256) {

    static final String FILE = "captions.json";
    static final Captions NONE = new Captions(Map.of(), null);

    private static final String LAYOUT = "write one JSON object from row id to caption: {\"0\": \"A dog ..\"}";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    public Captions {
        byId = Map.copyOf(byId);
    }

    /// Reads the captions.
    ///
    /// @param given the file that was asked for; null for `captions.json` beside the data set, if it is there
    /// @throws UnusableDatasetException if the file cannot be used
    static Captions load(@Nullable Path given, List<Path> roots, ReadableFolders readable) {
        Path file = given == null ? beside(roots, FILE) : given;
        return file == null ? NONE : read(file, readable);
    }

    static @Nullable Path beside(List<Path> roots, String name) {
        return roots.stream().map(root -> root.resolve(name)).filter(Files::isRegularFile).findFirst().orElse(null);
    }

    private static Captions read(Path file, ReadableFolders readable) {
        TextFile captions = TextFile.read(file, new TextFile.Content("captions", LAYOUT), readable);
        JsonNode json;
        try {
            json = JSON.readTree(captions.text());
        } catch (JsonProcessingException e) {
            JsonFault fault = JsonFault.of(e);
            throw new UnusableDatasetException("the captions are no JSON object: %s (line %d, character %d)".formatted(
                    fault.what(), fault.line(), fault.character()), file.toString(), LAYOUT);
        }
        if (!json.isObject()) {
            throw new UnusableDatasetException("the captions are no JSON object", file.toString(), LAYOUT);
        }
        Map<Integer, String> byId = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            String caption = entry.getValue().textValue();
            Integer id = idOf(entry.getKey());
            if (id == null || caption == null || !Texts.isWhole(caption)) {
                throw new UnusableDatasetException(
                        "entry %d is not a row id with a text of whole characters".formatted(byId.size() + 1),
                        file.toString(), LAYOUT);
            }
            if (AnswerBounds.exceeds(caption)) {
                throw new UnusableDatasetException(
                        "the caption of row %d has more than %d bytes of UTF-8".formatted(id, AnswerBounds.MOST_BYTES),
                        file.toString(), "a caption has one or two sentences");
            }
            byId.put(id, caption);
        }
        return new Captions(byId, EventDigests.sha256Hex(captions.bytes()));
    }

    /// The id of a row as files beside the data set write it; null for anything else.
    static @Nullable Integer idOf(String text) {
        long id = text.matches("-?[0-9]{1,10}") ? Long.parseLong(text) : Long.MAX_VALUE;
        return id == (int) id ? (Integer) (int) id : null;
    }

    Optional<String> of(int rowId) {
        return Optional.ofNullable(byId.get(rowId)).filter(caption -> !caption.isBlank());
    }

    /// Whether there is a file at all.
    boolean exist() {
        return sha256 != null;
    }

    @Override
    public String toString() {
        return "Captions[" + byId.size() + ", " + sha256 + "]";
    }
}
