package kr.kisgateway.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of shares above 0 as typed: {@code 10}, {@code 1,000}. */
final class SharesConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
        return AmountConverter.read(text)
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' is no whole number above 0; write 10, or 1000 as 1,000"));
    }
}
