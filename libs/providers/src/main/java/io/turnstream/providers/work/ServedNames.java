package io.turnstream.providers.work;

import io.turnstream.events.ForeignNames;
import io.turnstream.providers.forms.KnownForms;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// What a server called its model, its settings and the end of its answer, as far as these are names. A server can put
/// any text there, a prompt that it quotes, too; such a text stands beside what else it said, which exports can
/// withhold.
///
/// @param said what the server said, those texts included; null where it said nothing
record ServedNames(@Nullable String finishReason, @Nullable String model, @Nullable String systemFingerprint,
        @Nullable String said) {

    static ServedNames of(CallRecord call) {
        StringJoiner said = new StringJoiner("; ");
        if (call.providerMessage() != null) {
            said.add(call.providerMessage());
        }
        String finishReason = call.finishReason();
        if (finishReason != null && !ForeignNames.isAdmitted(finishReason)) {
            said.add("finish reason: " + finishReason);
            finishReason = known(finishReason);
        }
        String model = call.servedModel();
        if (model != null && !ForeignNames.isName(model)) {
            said.add("model: " + model);
            model = ForeignNames.ELSEWHERE;
        }
        String fingerprint = call.systemFingerprint();
        if (fingerprint != null && !ForeignNames.isName(fingerprint)) {
            said.add("system fingerprint: " + fingerprint);
            fingerprint = ForeignNames.ELSEWHERE;
        }
        return new ServedNames(finishReason, model, fingerprint, said.length() == 0 ? null : said.toString());
    }

    /// What is known of a text in the place of a reason: the way to say that a limit was reached (`max tokens`), or the
    /// reason it begins with.
    private static String known(String text) {
        KnownForms forms = KnownForms.bundled();
        if (forms.isCut(text)) {
            return text.strip().replace(' ', '_');
        }
        String first = text.split("[:\\s]", 2)[0];
        return ForeignNames.isName(first) && forms.knowsFinish(first)
                ? first + ' ' + ForeignNames.ELSEWHERE
                : ForeignNames.ELSEWHERE;
    }
}
