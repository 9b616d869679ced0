package io.turnstream.performance;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Figures and machine as one JSON document.
final class BenchJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private BenchJson() {}

    private static ObjectNode document(Machine machine, boolean quick) {
        ObjectNode document = JSON.createObjectNode().put("formatVersion", 1).put("quick", quick);
        document.putObject("machine").put("cpu", machine.cpu()).put("cores", machine.cores())
                .put("memoryBytes", machine.memoryBytes())
                .put("system", machine.system()).put("jdk", machine.jdk()).put("at", machine.at().toString())
                .put("loadAtStart", machine.loadAtStart());
        return document;
    }

    static String of(Machine machine, boolean quick, List<Figure> figures) {
        ObjectNode document = document(machine, quick);
        ArrayNode lines = document.putArray("figures");
        for (Figure figure : figures) {
            ObjectNode line = lines.addObject().put("benchmark", figure.benchmark()).put("what", figure.what())
                    .put("unit", figure.unit());
            switch (figure.goal()) {
                case Goal.AtLeast(double value) -> line.put("atLeast", value);
                case Goal.AtMost(double value) -> line.put("atMost", value);
                case Goal.None() -> {
                    /* nothing is promised */ }
            }
            line.put("median", figure.samples().median()).put("met", figure.goal().isMetBy(figure.samples().median()));
            ArrayNode values = line.putArray("values");
            figure.samples().values().forEach(values::add);
        }
        return document.toPrettyString();
    }

    /// @param against the other version, as it was asked for
    static String of(Machine machine, boolean quick, String against, List<Compared> all) {
        ObjectNode document = document(machine, quick).put("against", against);
        ArrayNode lines = document.putArray("compared");
        for (Compared one : all) {
            ObjectNode line = lines.addObject().put("benchmark", one.benchmark()).put("what", one.what())
                    .put("unit", one.quantity().unit())
                    .put("moreIsBetter", one.quantity().moreIsBetter()).put("medianThere", one.there().median())
                    .put("medianHere", one.here().median())
                    .put("cost", one.costs().median());
            ArrayNode there = line.putArray("there");
            one.there().values().forEach(there::add);
            ArrayNode here = line.putArray("here");
            one.here().values().forEach(here::add);
        }
        return document.toPrettyString();
    }
}
