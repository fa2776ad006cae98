package kr.kisgateway.client.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The allowed values of query parameters, where the catalog or the protocol names them: {@code parameter-forms.tsv}. */
final class ParameterForms {
    private static final int COLUMNS = 5;
    private static final Pattern NUMBERED = Pattern.compile("_?[0-9]+$");

    /**
     * A value of the wrong form.
     *
     * @param expectedForm the form it does not have, such as a date
     * @param remedy a correct form
     */
    record Violation(String expectedForm, String remedy) {}

    private record Form(Pattern calls, Pattern values, Violation violation) {}

    private final Map<String, List<Form>> byParameter = new HashMap<>();

    private ParameterForms() {}

    static ParameterForms load() {
        var forms = new ParameterForms();
        text().lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("\t", -1))
                .forEach(forms::add);
        return forms;
    }

    /** Why {@code parameter} cannot be {@code value}; empty when it can. */
    Optional<Violation> findViolation(String call, String parameter, String value) {
        String name = parameter.toUpperCase(Locale.ROOT);
        List<Form> forms = byParameter.containsKey(name)
                ? byParameter.get(name)
                : byParameter.getOrDefault(NUMBERED.matcher(name).replaceFirst(""), List.of());
        return forms.stream()
                .filter(form -> form.calls().matcher(call).matches())
                .findFirst()
                .filter(form -> !form.values().matcher(value).matches())
                .map(Form::violation);
    }

    private void add(String[] cells) {
        if (cells.length != COLUMNS) {
            throw new IllegalStateException("parameter-forms.tsv: " + COLUMNS + " columns expected");
        }
        var form = new Form(Pattern.compile(cells[0]), Pattern.compile(cells[2]), new Violation(cells[3], cells[4]));
        for (String name : cells[1].split(",")) {
            byParameter.computeIfAbsent(name, _ -> new ArrayList<>()).add(form);
        }
    }

    private static String text() {
        try (InputStream in = ParameterForms.class.getResourceAsStream("parameter-forms.tsv")) {
            if (in == null) {
                throw new IllegalStateException("parameter-forms.tsv is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
