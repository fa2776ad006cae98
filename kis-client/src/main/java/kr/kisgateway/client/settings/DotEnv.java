package kr.kisgateway.client.settings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text of a {@code .env} file: {@code NAME=value} lines, with or without {@code export}; blank lines and lines
 * that begin with {@code #} are ignored. A value in single or double quotes is taken verbatim; without
 * quotes it ends before {@code  #} and loses the blanks around it. Of two lines with one name the last applies.
 */
public final class DotEnv {
    /**
     * The content of a file.
     *
     * @param values by their names, in the order of the file
     * @param problems a sentence for each unreadable line; never contains a value, which may be a secret
     */
    public record Parsed(Map<String, String> values, List<String> problems) {
        public Parsed {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
            problems = List.copyOf(problems);
        }
    }

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern LINE = Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=(.*)");
    private static final Pattern QUOTED = Pattern.compile("(?:\"([^\"]*)\"|'([^']*)')\\s*(?:#.*)?");
    private static final Pattern COMMENT = Pattern.compile("(?:^|\\s)#.*");

    private DotEnv() {}

    /** The values of {@code text}, and its unreadable lines. */
    public static Parsed parse(String text) {
        var values = new LinkedHashMap<String, String>();
        var problems = new ArrayList<String>();
        String clean = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        int number = 0;
        for (String raw : clean.lines().toList()) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher form = LINE.matcher(line);
            if (!form.matches()) {
                problems.add(".env line " + number + " is not NAME=value.");
                continue;
            }
            String name = form.group(1);
            Optional<String> value = value(form.group(2).strip());
            if (value.isPresent()) {
                values.put(name, value.get());
            } else {
                problems.add(
                        ".env line " + number + " has a quote that is not closed, or text behind the closing one.");
            }
        }
        return new Parsed(values, problems);
    }

    private static Optional<String> value(String text) {
        if (!text.startsWith("\"") && !text.startsWith("'")) {
            return Optional.of(COMMENT.matcher(text).replaceFirst("").strip());
        }
        Matcher quoted = QUOTED.matcher(text);
        return quoted.matches()
                ? Optional.ofNullable(quoted.group(1)).or(() -> Optional.ofNullable(quoted.group(2)))
                : Optional.empty();
    }
}
