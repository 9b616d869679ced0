package io.turnstream.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamReadException;
import io.turnstream.simulator.ChatRequest.Image;
import io.turnstream.simulator.ChatRequest.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a request body as a stream. The Base64 characters of an image are never turned into a string: the parser skips
/// over them, and they are hashed where they lie.
final class ChatRequestReader {

    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");
    private static final int LONGEST_URL_PREFIX = 64;

    private final byte[] body;
    private final List<Message> messages = new ArrayList<>();
    private final List<Image> images = new ArrayList<>();
    private @Nullable String model;
    private @Nullable Integer maxTokens;
    private @Nullable Integer maxCompletionTokens;
    private @Nullable Double temperature;
    private @Nullable Long seed;

    private ChatRequestReader(byte[] body) {
        this.body = body;
    }

    static ChatRequest read(byte[] body) throws RequestRejected {
        try (JsonParser parser = JSON.createParser(body)) {
            return new ChatRequestReader(body).request(parser);
        } catch (IOException e) {
            String where = e instanceof StreamReadException read && read.getLocation() != null
                    ? " (byte " + read.getLocation().getByteOffset() + ")"
                    : "";
            throw reject("The body is not valid JSON" + where + ".", null, null);
        }
    }

    private ChatRequest request(JsonParser parser) throws IOException, RequestRejected {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw reject("The body must be a JSON object.", null, null);
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_NULL) {
                continue;
            }
            switch (field) {
                case "model" -> model = text(parser, "model");
                case "messages" -> messages(parser);
                case "max_tokens" -> maxTokens = positive(parser, "max_tokens");
                case "max_completion_tokens" -> maxCompletionTokens = positive(parser, "max_completion_tokens");
                case "temperature" -> temperature = number(parser, "temperature").getDoubleValue();
                case "seed" -> seed = number(parser, "seed").getLongValue();
                case "stream" -> {
                    if (value == JsonToken.VALUE_TRUE) {
                        throw reject("This server does not stream.", "stream", "unsupported_value");
                    }
                }
                case "n" -> {
                    if (positive(parser, "n") != 1) {
                        throw reject("This server gives one choice for a request.", "n", "unsupported_value");
                    }
                }
                default -> parser.skipChildren();
            }
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            throw reject("The body ends before its JSON object does.", null, null);
        }
        if (model == null) {
            throw reject("A model must be named.", "model", null);
        }
        if (messages.isEmpty()) {
            throw reject("There must be at least one message.", "messages", null);
        }
        return new ChatRequest(model, messages, images, maxTokens, maxCompletionTokens, temperature, seed);
    }

    private void messages(JsonParser parser) throws IOException, RequestRejected {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw reject("'messages' must be an array.", "messages", null);
        }
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            message(parser);
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw reject("A message must be an object.", "messages", null);
        }
    }

    private void message(JsonParser parser) throws IOException, RequestRejected {
        String at = "messages[" + messages.size() + "]";
        String role = null;
        StringBuilder text = new StringBuilder();
        int imagesBefore = images.size();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("role")) {
                role = text(parser, at + ".role");
            } else if (field.equals("content") && value == JsonToken.VALUE_STRING) {
                text.append(parser.getText());
            } else if (field.equals("content") && value == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    part(parser, at, text);
                }
                if (parser.currentToken() != JsonToken.END_ARRAY) {
                    throw reject("A content part must be an object.", at + ".content", null);
                }
            } else {
                parser.skipChildren();
            }
        }
        if (role == null || !ROLES.contains(role)) {
            throw reject("A message's role must be one of " + ROLES.stream().sorted().toList() + ".", at + ".role",
                    "invalid_value");
        }
        messages.add(new Message(role, text.toString(), images.size() - imagesBefore));
    }

    private void part(JsonParser parser, String at, StringBuilder text) throws IOException, RequestRejected {
        String type = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (field) {
                case "type" -> type = text(parser, at + ".content.type");
                case "text" -> {
                    if (!text.isEmpty()) {
                        text.append('\n');
                    }
                    text.append(text(parser, at + ".content.text"));
                }
                case "image_url" -> {
                    if (value != JsonToken.START_OBJECT) {
                        throw reject("An image_url part holds an object with a url.", at + ".content.image_url", null);
                    }
                    imageUrl(parser, at);
                }
                default -> parser.skipChildren();
            }
        }
        if (!"text".equals(type) && !"image_url".equals(type)) {
            throw reject("A content part's type must be 'text' or 'image_url'.", at + ".content.type", "invalid_value");
        }
    }

    private void imageUrl(JsonParser parser, String at) throws IOException, RequestRejected {
        parser.nextToken();
        while (parser.currentToken() == JsonToken.FIELD_NAME) {
            boolean url = parser.currentName().equals("url");
            if (parser.nextToken() == JsonToken.VALUE_STRING && url) {
                image(parser, at);
            } else {
                parser.skipChildren();
                parser.nextToken();
            }
        }
    }

    /// Takes the image under the parser and moves to the token behind it. The string is not asked for, so that the
    /// parser only looks for its end; where it lies is told by the position of the token before and after.
    private void image(JsonParser parser, String at) throws IOException, RequestRejected {
        int start = (int) parser.currentTokenLocation().getByteOffset() + 1;
        parser.nextToken();
        int end = (int) parser.currentTokenLocation().getByteOffset() - 1;
        while (body[end] != '"') {
            end--;
        }
        String head = new String(body, start, Math.min(LONGEST_URL_PREFIX, end - start), StandardCharsets.ISO_8859_1)
                .replace("\\/", "/");
        int comma = head.indexOf(";base64,");
        if (!head.startsWith("data:image/") || comma < 0) {
            throw reject("An image must be given as a data URL in Base64.", at + ".content.image_url",
                    "invalid_image_url");
        }
        String data = head.substring(comma + ";base64,".length());
        boolean png = data.startsWith("iVBORw0KGgo");
        boolean jpeg = data.startsWith("/9j/");
        if (!png && !jpeg) {
            throw reject("The image is neither a PNG nor a JPEG.", at + ".content.image_url", "invalid_image_format");
        }
        images.add(new Image(Fingerprint.ofBytes(body, start, end), end - start - comma - ";base64,".length()));
    }

    private static String text(JsonParser parser, String field) throws IOException, RequestRejected {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw reject("'" + field + "' must be a string.", field, "invalid_type");
        }
        return parser.getText();
    }

    private static JsonParser number(JsonParser parser, String field) throws RequestRejected {
        if (!parser.currentToken().isNumeric()) {
            throw reject("'" + field + "' must be a number.", field, "invalid_type");
        }
        return parser;
    }

    private static int positive(JsonParser parser, String field) throws IOException, RequestRejected {
        int value = parser.currentToken() == JsonToken.VALUE_NUMBER_INT ? parser.getIntValue() : 0;
        if (value < 1) {
            throw reject("'" + field + "' must be a whole number of at least 1.", field, "invalid_value");
        }
        return value;
    }

    private static RequestRejected reject(String message, @Nullable String param, @Nullable String code) {
        return new RequestRejected(ApiError.badRequest(message, param, code));
    }
}
