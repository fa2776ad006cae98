package kr.kisgateway.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An integer above 0 as typed: {@code 149000}, or with separators as in the gateway's answers. */
final class AmountConverter implements ITypeConverter<Long> {
    private static final Pattern AMOUNT_FORM = Pattern.compile("[0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4}");

    @Override
    public Long convert(String text) {
        long number = AMOUNT_FORM.matcher(text).matches() ? Long.parseLong(text.replace(",", "")) : 0;
        if (number < 1) {
            throw new TypeConversionException("'" + text + "' is no whole number above 0; write 149000 or 149,000");
        }
        return number;
    }
}
