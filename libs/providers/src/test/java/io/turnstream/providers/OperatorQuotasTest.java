package io.turnstream.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorQuotasTest {

    @Test
    void limits_providers_and_models() {
        OperatorQuotas quotas = OperatorQuotas.fromEnvironment(
                Map.of(OperatorQuotas.VARIABLE,
                        "openai rpm=500 tpm=200_000, openai/gpt-5-mini rpm=60,lab/Qwen/Qwen3-VL tpm=9"));

        assertThat(quotas.of("openai")).isEqualTo(new CallQuota(500, 200_000L));
        assertThat(quotas.of(new ModelName("openai", "gpt-5-mini"))).isEqualTo(new CallQuota(60, null));
        assertThat(quotas.of(new ModelName("lab", "Qwen/Qwen3-VL"))).isEqualTo(new CallQuota(null, 9L));
        assertThat(quotas.of("lab").isNone()).isTrue();
        assertThat(quotas.of(new ModelName("openai", "other")).isNone()).isTrue();
    }

    @Test
    void nothing_is_limited_unless_it_is_said() {
        assertThat(OperatorQuotas.fromEnvironment(Map.of("OTHER", "x"))).isSameAs(OperatorQuotas.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "openai rpm=0", "openai rpm=-1", "openai rpm", "openai rps=3", "rpm=3",
            "openai rpm=99999999999", "/x rpm=1"})
    void says_what_it_cannot_understand(String text) {
        assertThatThrownBy(() -> OperatorQuotas.fromEnvironment(Map.of(OperatorQuotas.VARIABLE, text)))
                .isInstanceOf(InvalidProviderException.class).hasMessageContaining("TURNSTREAM_QUOTAS: '" + text + "'")
                .hasMessageContaining("rpm=N");
    }

    @Test
    void providers_with_one_key_share_a_group() {
        OperatorQuotas quotas = OperatorQuotas.fromEnvironment(
                Map.of("TURNSTREAM_PROVIDER_LAB_EAST_QUOTA_GROUP", "lab", "TURNSTREAM_PROVIDER_LAB_WEST_QUOTA_GROUP",
                        "lab"));

        assertThat(quotas.group("lab-east")).isEqualTo("lab").isEqualTo(quotas.group("lab-west"));
        assertThat(quotas.group("openai")).isEqualTo("openai");
    }

    @Test
    void a_group_is_a_name_and_its_message_never_repeats_what_could_be_a_key() {
        assertThatThrownBy(
                () -> OperatorQuotas.fromEnvironment(Map.of("TURNSTREAM_PROVIDER_LAB_QUOTA_GROUP", "sk-SECRET")))
                .hasMessageContaining("TURNSTREAM_PROVIDER_LAB_QUOTA_GROUP").hasMessageNotContaining("SECRET");
    }

    @Test
    void a_judge_at_another_address_or_with_another_key_has_a_quota_of_its_own() {
        Providers models = Providers.of(
                List.of(provider("one", "http://127.0.0.1:1/v1", "k"), provider("two", "http://127.0.0.1:2/v1", "k")));
        Providers judges = Providers.of(
                List.of(provider("one", "http://127.0.0.1:1/v1", "k"), provider("two", "http://127.0.0.1:3/v1", "k")));

        OperatorQuotas quotas = judges.besides(models).quotas();

        assertThat(quotas.group("one")).isEqualTo("one");
        assertThat(quotas.group("two")).isEqualTo("two.judge");
    }

    @Test
    void of_two_quotas_the_smaller_holds() {
        CallQuota both = new CallQuota(500, null).and(new CallQuota(60, 1_000L));

        assertThat(both).isEqualTo(new CallQuota(60, 1_000L)).hasToString("60 requests and 1,000 tokens a minute");
        assertThat(CallQuota.NONE.and(both)).isEqualTo(both);
        assertThat(both.and(CallQuota.NONE)).isEqualTo(both);
    }

    private static ProviderSettings provider(String name, String url, String key) {
        return new ProviderSettings(name, ChatApi.OPENAI, url, key);
    }
}
