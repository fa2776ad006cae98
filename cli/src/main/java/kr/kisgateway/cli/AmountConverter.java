package kr.kisgateway.cli;

import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An integer above 0 as typed: {@code 149000}, or with separators as in the gateway's answers. */
final class AmountConverter implements ITypeConverter<Long> {
    private static final Pattern AMOUNT_FORM = Pattern.compile("[0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4}");

    @Override
    public Long convert(String text) {
        return read(text)
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' is no whole number above 0; write 149000 or 149,000"));
    }

    /** The number; empty when it is none above 0. */
    static Optional<Long> read(String text) {
        return Optional.of(text)
                .filter(it -> AMOUNT_FORM.matcher(it).matches())
                .map(it -> Long.parseLong(it.replace(",", "")))
                .filter(number -> number > 0);
    }
}
