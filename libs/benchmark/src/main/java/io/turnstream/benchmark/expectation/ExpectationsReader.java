package io.turnstream.benchmark.expectation;

import io.turnstream.benchmark.Scoring;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/// Reads expectations, node by node, so that every error names its line.
final class ExpectationsReader {

    private static final int LONGEST = 1 << 20;
    private static final String DOCUMENTED = "docs/expectations.md describes the form.";
    private static final Set<String> FIELDS = new TreeSet<>(
            Set.of("version", "dataset", "protocol", "judge", "models", "scoring", "minimumCoverage", "gates"));
    private static final Set<String> DATASET_FIELDS = Set.of("digest");
    private static final String DIGEST = "[0-9a-f]{64}";

    private final String text;

    ExpectationsReader(String text) {
        this.text = text;
    }

    Expectations read() {
        Node root = root();
        Map<String, Node> fields = fields(root, "", FIELDS);
        Node version = fields.get("version");
        if (version == null || !scalar(version, "version").equals("1")) {
            throw wrong(version == null ? root : version, "version", "must be 1",
                    "Begin with 'version: 1'. " + DOCUMENTED);
        }
        List<Gate> gates = new ArrayList<>();
        Node written = fields.get("gates");
        List<Node> all = written == null ? List.of() : list(written, "gates");
        for (int i = 0; i < all.size(); i++) {
            String field = "gates[" + i + "]";
            gates.add(Gate.parse(scalar(all.get(i), field), place(all.get(i), field)));
        }
        Expectations expectations = new Expectations(text, datasetDigest(fields.get("dataset")),
                optional(fields.get("protocol"), "protocol"),
                optional(fields.get("judge"), "judge"), models(fields.get("models")), scoring(fields.get("scoring")),
                coverage(fields.get("minimumCoverage")), gates);
        if (fields.size() == 1) {
            throw wrong(root, "version", "nothing is stated beside it",
                    "State what is to be run, or a gate. " + DOCUMENTED);
        }
        return expectations;
    }

    private Node root() {
        if (text.length() > LONGEST) {
            throw new InvalidExpectationsException("line 1", "the file is longer than 1 MB", "State less.");
        }
        try {
            Node root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
            if (root == null) {
                throw new InvalidExpectationsException("line 1", "the file is empty", DOCUMENTED);
            }
            return root;
        } catch (YAMLException e) {
            // the parser's own message repeats the text, which may be that of another file than was meant, with a key
            // in it
            int line = e instanceof MarkedYAMLException marked && marked.getProblemMark() != null
                    ? marked.getProblemMark().getLine() + 1
                    : 1;
            throw new InvalidExpectationsException("line " + line, "this is neither YAML nor JSON",
                    "Mend it. " + DOCUMENTED);
        }
    }

    private static Map<String, Node> fields(Node node, String of, Set<String> known) {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong(node, of.isEmpty() ? "the file" : of, "must hold fields with values", DOCUMENTED);
        }
        Map<String, Node> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String name = tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
            String full = of.isEmpty() ? name : of + '.' + name;
            if (!known.contains(name)) {
                throw wrong(tuple.getKeyNode(), full, "there is no such field",
                        "There are " + String.join(", ", new TreeSet<>(known)) + ".");
            }
            if (fields.put(name, tuple.getValueNode()) != null) {
                throw wrong(tuple.getKeyNode(), full, "stands there twice", "Leave one of them.");
            }
        }
        return fields;
    }

    private static @Nullable String datasetDigest(@Nullable Node node) {
        if (node == null) {
            return null;
        }
        Node digest = fields(node, "dataset", DATASET_FIELDS).get("digest");
        if (digest == null) {
            throw wrong(node, "dataset", "names no digest",
                    "Write dataset: {digest: ...}; 'turnstream show RUN --provenance' tells that of a run.");
        }
        String hex = scalar(digest, "dataset.digest");
        if (!hex.matches(DIGEST)) {
            throw wrong(digest, "dataset.digest", "is no SHA-256",
                    "Write 64 hex digits in lower case; 'turnstream show RUN --provenance' tells that of a run.");
        }
        return hex;
    }

    private static List<String> models(@Nullable Node node) {
        if (node == null) {
            return List.of();
        }
        List<String> models = new ArrayList<>();
        for (Node one : node instanceof SequenceNode ? list(node, "models") : List.of(node)) {
            String model = scalar(one, "models");
            if (model.indexOf('/') < 1) {
                throw wrong(one, "models", "'" + model + "' is no model",
                        "Write provider/name, such as openai/gpt-5-mini.");
            }
            models.add(model);
        }
        return models;
    }

    private static Scoring scoring(@Nullable Node node) {
        if (node == null) {
            return Scoring.CORRECTED;
        }
        String name = scalar(node, "scoring");
        return Arrays.stream(Scoring.values()).filter(one -> one.wireName().equals(name)).findFirst()
                .orElseThrow(() -> wrong(node, "scoring", "there is no '" + name + "'",
                        "There are corrected and reference."));
    }

    private static double coverage(@Nullable Node node) {
        if (node == null) {
            return Expectations.DEFAULT_COVERAGE;
        }
        try {
            double share = Double.parseDouble(scalar(node, "minimumCoverage"));
            if (share >= 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            throw wrong(node, "minimumCoverage", "is no number", "Write a share from 0 to 1, such as 0.95.");
        }
        throw wrong(node, "minimumCoverage", "is not between 0 and 1", "Write a share, such as 0.95.");
    }

    private static @Nullable String optional(@Nullable Node node, String field) {
        return node == null ? null : scalar(node, field);
    }

    private static String scalar(Node node, String field) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue().strip();
        }
        throw wrong(node, field, "must be a text or a number", DOCUMENTED);
    }

    private static List<Node> list(Node node, String field) {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw wrong(node, field, "must be a list", "Write one element a line, with '- ' in front.");
    }

    private static InvalidExpectationsException wrong(Node node, String field, String what, String remedy) {
        return new InvalidExpectationsException(place(node, field), what, remedy);
    }

    private static String place(Node node, String field) {
        return "line " + (node.getStartMark().getLine() + 1) + ", " + field;
    }
}
