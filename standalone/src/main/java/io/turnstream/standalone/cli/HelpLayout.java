package io.turnstream.standalone.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/// Lays `--help` out: flags under the headings of their [FlagGroup]s.
final class HelpLayout {

    static final int WIDTH = 100;

    private HelpLayout() {}

    static void apply(CommandLine command) {
        command.setUsageHelpWidth(WIDTH);
        command.setUsageHelpLongOptionsMaxWidth(34);
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        usage.description(paragraphs(usage.description()));
        if (usage.parameterListHeading() == null || usage.parameterListHeading().isEmpty()) {
            usage.parameterListHeading("%n");
        }
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpLayout::options);
        command.getSubcommands().values().forEach(HelpLayout::apply);
    }

    /// Text between empty lines flows, whatever lines it is written in; one goes before it.
    private static String[] paragraphs(String[] lines) {
        List<String> paragraphs = new ArrayList<>(List.of(""));
        for (String line : lines) {
            if (line.isEmpty() || paragraphs.getLast().isEmpty()) {
                if (!line.isEmpty() || !paragraphs.getLast().isEmpty()) {
                    paragraphs.add(line);
                }
            } else {
                paragraphs.add(paragraphs.removeLast() + ' ' + line);
            }
        }
        return paragraphs.toArray(String[]::new);
    }

    private static String options(Help help) {
        List<OptionSpec> all = help.commandSpec().options().stream().filter(option -> !option.hidden())
                .sorted(Comparator.comparingInt(OptionSpec::order)).toList();
        StringBuilder text = new StringBuilder();
        for (FlagGroup group : FlagGroup.values()) {
            List<OptionSpec> members = all.stream().filter(option -> group.holds(option.order())).toList();
            append(text, group.heading(), members, help);
        }
        append(text, "Help", all.stream().filter(
                option -> java.util.Arrays.stream(FlagGroup.values()).noneMatch(group -> group.holds(option.order())))
                .toList(), help);
        return text.toString();
    }

    private static void append(StringBuilder text, String heading, List<OptionSpec> options, Help help) {
        if (options.isEmpty()) {
            return;
        }
        text.append(System.lineSeparator()).append(help.colorScheme().text("@|bold " + heading + "|@"))
                .append(System.lineSeparator());
        Help.Layout layout = help.createDefaultLayout(options, List.of(), help.colorScheme());
        layout.addOptions(options, help.createDefaultParamLabelRenderer());
        text.append(layout);
    }
}
