package kr.kisgateway.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What profit and loss are grouped by, in capitals or not. */
final class GroupingConverter implements ITypeConverter<String> {
    private static final List<String> GROUPINGS = List.of("DAY", "SYMBOL", "STRATEGY");

    @Override
    public String convert(String text) {
        String grouping = text.toUpperCase(Locale.ROOT);
        if (!GROUPINGS.contains(grouping)) {
            throw new TypeConversionException("'" + text + "' is not one of " + String.join(", ", GROUPINGS));
        }
        return grouping;
    }
}
