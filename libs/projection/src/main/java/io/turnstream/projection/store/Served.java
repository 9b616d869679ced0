package io.turnstream.projection.store;

import io.turnstream.projection.document.Parameters;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/// Which models served a run, and under which parameters, as [ServedModels] wrote it down.
record Served(List<Document> documents) {

    /// Of a run that nobody has served.
    static final Served NOBODY = new Served(List.of());

    private static final String JUDGE = "judge";

    Served {
        documents = List.copyOf(documents);
    }

    /// The model under test as the servers named it, by name.
    List<String> models() {
        return documents.stream().filter(one -> !isJudge(one)).map(Served::name).flatMap(Optional::stream).distinct()
                .sorted().toList();
    }

    /// The judge of a set as the servers named it, by name.
    ///
    /// @param judgementSetId null for a run without a judge of its own
    List<String> judges(@Nullable String judgementSetId) {
        return documents.stream().filter(one -> isOf(one, judgementSetId)).map(Served::name).flatMap(Optional::stream)
                .distinct().sorted().toList();
    }

    /// The parameters that the providers of a set's judge accepted.
    List<Parameters> effectiveOfJudges(String judgementSetId) {
        return effective(judgementSetId).getOrDefault(JUDGE, List.of());
    }

    /// The parameters that providers accepted, by kind of step.
    ///
    /// @param judgementSetId whose judge counts; null for none
    Map<String, List<Parameters>> effective(@Nullable String judgementSetId) {
        Map<String, TreeSet<Parameters>> byKind = new TreeMap<>();
        for (Document one : documents) {
            if (!isJudge(one) || isOf(one, judgementSetId)) {
                byKind.computeIfAbsent(Fields.text(one, "kind"),
                        kind -> new TreeSet<>(Comparator.comparing(Parameters::toString)))
                        .add(AnswerFields.parameters(Fields.part(one, "effective")));
            }
        }
        Map<String, List<Parameters>> effective = new TreeMap<>();
        byKind.forEach((kind, parameters) -> effective.put(kind, List.copyOf(parameters)));
        return effective;
    }

    private static boolean isJudge(Document one) {
        return JUDGE.equals(one.getString("kind"));
    }

    private static boolean isOf(Document one, @Nullable String judgementSetId) {
        return isJudge(one) && judgementSetId != null && judgementSetId.equals(one.getString("judgementSetId"));
    }

    private static Optional<String> name(Document one) {
        return Optional.ofNullable(one.getString("servedModel"));
    }
}
