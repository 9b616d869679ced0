package io.turnstream.benchmark.expectation;

import io.turnstream.benchmark.Scoring;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What somebody states before a run, in YAML or JSON; docs/expectations.md describes the form.
///
/// @param text word for word
/// @param datasetDigest SHA-256 (hex) of the rows; null: any
/// @param protocol name or SHA-256 (hex) of the protocol pack; null: any
/// @param judge `provider/name`, or `none`; null: any
/// @param models `provider/name` of every model that is run; empty: any
/// @param scoring that the gates look at
/// @param minimumCoverage the share of planned samples that a gate's figure must rest on, 0 to 1
public record Expectations(
        String text, @Nullable String datasetDigest, @Nullable String protocol, @Nullable String judge,
        List<String> models, Scoring scoring,
        double minimumCoverage, List<Gate> gates) {

    /// The coverage that gates ask for where the file does not say.
    public static final double DEFAULT_COVERAGE = 0.95;

    /// Stands for a run without a judge.
    public static final String NO_JUDGE = "none";

    public Expectations {
        models = List.copyOf(models);
        gates = List.copyOf(gates);
    }

    /// Reads a file's text.
    ///
    /// @throws InvalidExpectationsException naming line and field
    public static Expectations parse(String text) {
        return new ExpectationsReader(text).read();
    }

    /// SHA-256 (hex) of the text in UTF-8: that of the file, byte by byte.
    public String digest() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What is asked for and is not what was stated, in words; empty where nothing is. The data set is known only once
    /// it was read.
    ///
    /// @param asked the models that are asked for
    /// @param askedJudge null for none
    public List<String> mismatches(List<String> asked, @Nullable String askedJudge, String protocolName,
            String protocolDigest) {
        List<String> mismatches = new ArrayList<>();
        if (!models.isEmpty()) {
            asked.stream().filter(model -> !models.contains(model)).forEach(
                    model -> mismatches.add("the model " + model + " is not among " + String.join(", ", models)));
            models.stream().filter(model -> !asked.contains(model))
                    .forEach(model -> mismatches.add("the model " + model + " is not asked for"));
        }
        String judged = askedJudge == null ? NO_JUDGE : askedJudge;
        if (judge != null && !judge.equals(judged)) {
            mismatches.add("the judge is " + judged + ", not " + judge);
        }
        if (protocol != null && !protocol.equals(protocolName) && !protocol.equals(protocolDigest)) {
            mismatches.add("the protocol is " + protocolName + " (" + protocolDigest + "), not " + protocol);
        }
        return mismatches;
    }

    /// Without the text.
    @Override
    public String toString() {
        return "Expectations[" + digest() + ", " + gates.size() + " gates]";
    }
}
