package io.turnstream.loader.planning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.turnstream.contracts.EventDigests;
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

    public Captions {
        byId = Map.copyOf(byId);
    }

    /// Reads the captions.
    ///
    /// @param given the file that was asked for; null for `captions.json` beside the data set, if it is there
    /// @throws UnusableDatasetException if the file cannot be used
    static Captions load(@Nullable Path given, List<Path> roots) {
        Path file = given == null ? beside(roots, FILE) : given;
        return file == null ? NONE : read(file);
    }

    static @Nullable Path beside(List<Path> roots, String name) {
        return roots.stream().map(root -> root.resolve(name)).filter(Files::isRegularFile).findFirst().orElse(null);
    }

    private static Captions read(Path file) {
        TextFile captions = TextFile.read(file, new TextFile.Content("captions", LAYOUT));
        try {
            JsonNode json = JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build()
                    .readTree(captions.text());
            if (!json.isObject()) {
                throw new UnusableDatasetException("the captions are no JSON object", file.toString(), LAYOUT);
            }
            Map<Integer, String> byId = new HashMap<>();
            for (Map.Entry<String, JsonNode> entry : json.properties()) {
                if (!entry.getKey().matches("-?[0-9]{1,9}") || !entry.getValue().isTextual()) {
                    throw new UnusableDatasetException("the entry '" + entry.getKey() + "' is not a row id with a text",
                            file.toString(), LAYOUT);
                }
                byId.put(Integer.valueOf(entry.getKey()), entry.getValue().textValue());
            }
            return new Captions(byId, EventDigests.sha256Hex(captions.bytes()));
        } catch (JsonProcessingException e) {
            throw new UnusableDatasetException("the captions are no JSON: " + e.getOriginalMessage(), file.toString(), LAYOUT);
        }
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
