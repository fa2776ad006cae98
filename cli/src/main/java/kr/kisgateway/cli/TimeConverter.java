package kr.kisgateway.cli;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time as people write it: Korean, {@code 2026-11-24T08:30}, or with an offset. */
final class TimeConverter implements ITypeConverter<OffsetDateTime> {
    private static final ZoneOffset KOREA = ZoneOffset.ofHours(9);

    @Override
    public OffsetDateTime convert(String text) {
        try {
            return OffsetDateTime.parse(text);
        } catch (DateTimeException _) {
            try {
                return LocalDateTime.parse(text.replace(' ', 'T')).atOffset(KOREA);
            } catch (DateTimeException _) {
                throw new TypeConversionException("'" + text + "' is no time; write 2026-11-24T08:30 (Korean time)");
            }
        }
    }
}
