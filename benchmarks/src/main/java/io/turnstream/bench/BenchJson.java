package io.turnstream.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Figures and machine as one JSON document.
final class BenchJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private BenchJson() {
    }

    static String of(Machine machine, boolean quick, List<Figure> figures) {
        ObjectNode document = JSON.createObjectNode().put("formatVersion", 1).put("quick", quick);
        document.putObject("machine").put("cpu", machine.cpu()).put("cores", machine.cores()).put("memoryBytes", machine.memoryBytes())
                .put("system", machine.system()).put("jdk", machine.jdk()).put("at", machine.at().toString()).put("loadAtStart", machine.loadAtStart());
        ArrayNode lines = document.putArray("figures");
        for (Figure figure : figures) {
            ObjectNode line = lines.addObject().put("benchmark", figure.benchmark()).put("what", figure.what()).put("unit", figure.unit());
            switch (figure.goal()) {
                case Goal.AtLeast(double value) -> line.put("atLeast", value);
                case Goal.AtMost(double value) -> line.put("atMost", value);
                case Goal.None() -> { /* nothing is promised */ }
            }
            line.put("median", figure.samples().median()).put("met", figure.goal().isMetBy(figure.samples().median()));
            ArrayNode values = line.putArray("values");
            figure.samples().values().forEach(values::add);
        }
        return document.toPrettyString();
    }
}
