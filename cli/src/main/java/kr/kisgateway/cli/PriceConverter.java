package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A price as people write it: {@code 149,000} won, {@code 187.34} dollars. */
final class PriceConverter implements ITypeConverter<BigDecimal> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})([.][0-9]{1,4})?");

    @Override
    public BigDecimal convert(String text) {
        // A comma for the decimal point must not make 14,90 a price of 1490.
        BigDecimal price = FORM.matcher(text).matches() ? new BigDecimal(text.replace(",", "")) : BigDecimal.ZERO;
        if (price.signum() == 0) {
            throw new TypeConversionException(
                    "'" + text + "' is no price above 0; write 149000 or 149,000, dollars as 187.34");
        }
        return price;
    }
}
