package io.turnstream.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.fuzzing.Bounds;
import io.turnstream.fuzzing.Fuzz;
import io.turnstream.providers.CallParameters;
import io.turnstream.providers.Redactor;
import io.turnstream.providers.forms.KnownForms;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Bodies that no provider should send. Whatever comes, it is read in bounded time and memory, and nothing is thrown.
class ProviderBodiesFuzzTest {

    private static final double SECONDS = 3;
    private static final List<String> SEEDS = List.of(
            "{\"choices\":[{\"message\":{\"content\":\"Hi\",\"reasoning_content\":\"r\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3}}",
            "{\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"thinking\",\"thinking\":[{\"text\":\"b\"}]}]}}]}",
            "{\"error\":{\"message\":\"Your input was flagged\",\"code\":403,\"metadata\":{\"raw\":\"{\\\"error\\\":{\\\"code\\\":1}}\"}}}",
            "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: [DONE]\n\n",
            "{\"base_resp\":{\"status_code\":1026},\"choices\":null,\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}",
            "[{\"error\":{\"code\":400,\"message\":\"x\"}}]");
    private static final List<String> PIECES = List.of("{", "}", "[", "]", "\"", ":", ",", "null", "1e999",
            "-9223372036854775808", "\\ud800",
            "\u202e", "\u0000", "data: ", "\n\n", "\"error\":", "\"content\":", "\"code\":\"content_filter\"", "violat",
            "policy policy policy ");

    @Test
    void noBodyIsTooOddToBeRead() {
        Fuzz.read(SECONDS, Bounds.usual(), ProviderBodiesFuzzTest::body, ProviderBodiesFuzzTest::read);
    }

    @Test
    void repetitionsAreReadInLinearTime() {
        for (String piece : PIECES) {
            for (String body : List.of("{\"error\":{\"message\":\"" + piece.replace("\"", "").repeat(50_000) + "\"}}",
                    piece.repeat(50_000))) {
                Bounds.usual().hold(() -> read(body.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static void read(byte[] body) {
        RawAnswer raw = RawAnswer.of(body);
        raw.text();
        raw.refusal();
        raw.served(CallParameters.NONE, Set.of());
        KnownForms.bundled().read(raw.signs(200));
        ApiError beside = raw.error();
        ApiError error = ApiError.of(300 + Math.floorMod(Arrays.hashCode(body), 300), body);
        KnownForms.bundled().read((beside == null ? error : beside).signs());
        error.name();
        error.adaptation();
        assertThat(Redactor.withoutKeys().quote(error.message())).hasSizeLessThanOrEqualTo(2_000);
    }

    private static byte[] body(RandomGenerator random) {
        StringBuilder body = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
        for (int changes = random.nextInt(6); changes > 0; changes--) {
            int at = random.nextInt(body.length() + 1);
            String piece = PIECES.get(random.nextInt(PIECES.size()))
                    .repeat(random.nextInt(10) == 0 ? random.nextInt(2_000) : 1);
            switch (random.nextInt(4)) {
                case 0 -> body.insert(at, piece);
                case 1 -> body.setLength(at);
                case 2 -> body.insert(at, SEEDS.get(random.nextInt(SEEDS.size())));
                default -> body.replace(at, Math.min(body.length(), at + piece.length()), piece);
            }
        }
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
