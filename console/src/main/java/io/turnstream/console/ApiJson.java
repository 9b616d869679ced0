package io.turnstream.console;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.Collection;
import java.util.List;

/// The API's JSON, the same on both ends: absent lists are empty; answers may hold more than the reader knows, orders
/// may not.
public final class ApiJson {

    private static final ObjectMapper ANSWERS = mapper(false);
    private static final ObjectMapper ORDERS = mapper(true);

    private ApiJson() {}

    private static ObjectMapper mapper(boolean strict) {
        JsonMapper mapper = JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, strict)
                .build();
        mapper.configOverride(List.class).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
        return mapper;
    }

    /// One value on one line.
    public static String write(Object value) {
        try {
            return ANSWERS.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass().getSimpleName() + " as JSON", e);
        }
    }

    /// An answer of the platform.
    ///
    /// @throws PlatformUnreachableException if it is none: something else answers there
    public static <T> T answer(String json, Class<T> type) {
        return answer(json, ANSWERS.constructType(type));
    }

    /// A list in an answer of the platform.
    public static <T> List<T> answers(String json, Class<T> element) {
        return answer(json, ANSWERS.getTypeFactory().constructCollectionType(List.class, element));
    }

    private static <T> T answer(String json, JavaType type) {
        try {
            T value = ANSWERS.readValue(json, type);
            if (value == null) {
                throw new PlatformUnreachableException("the answer is empty: is this a platform of the same version?",
                        null);
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new PlatformUnreachableException("the answer cannot be read: is this a platform of the same version?",
                    e);
        }
    }

    /// What somebody sent to be done.
    ///
    /// @throws UnacceptableRunException if it is not valid JSON of that form; never repeats what was sent
    static <T> T order(String json, Class<T> type) {
        try {
            T value = ORDERS.readValue(json, type);
            if (value == null) {
                throw new UnacceptableRunException("the body is empty", "body",
                        "Send a JSON object, see docs/rest-api.md.");
            }
            return value;
        } catch (UnrecognizedPropertyException e) {
            Collection<Object> known = e.getKnownPropertyIds() == null ? List.of() : e.getKnownPropertyIds();
            throw new UnacceptableRunException("there is no field '" + e.getPropertyName() + "'", "body",
                    "There are " + String.join(", ", known.stream().map(String::valueOf).sorted().toList()) + ".");
        } catch (JsonProcessingException e) {
            String line = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
            throw new UnacceptableRunException("the body is not what is expected" + line, "body",
                    "Send a JSON object, see docs/rest-api.md.");
        }
    }
}
