package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A price as people write it: {@code 149,000} won, {@code 187.34} dollars. */
final class PriceConverter implements ITypeConverter<BigDecimal> {
    private static final Pattern FORM = Pattern.compile("[0-9]{1,12}([.][0-9]{1,4})?");

    @Override
    public BigDecimal convert(String text) {
        String digits = text.replace(",", "").replace("_", "");
        if (!FORM.matcher(digits).matches() || new BigDecimal(digits).signum() == 0) {
            throw new TypeConversionException("'" + text + "' is not a price, as 149000, 149,000 or 187.34");
        }
        return new BigDecimal(digits);
    }
}
