package kr.kisgateway.api.history;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Size;

/**
 * The symbols of a request: a list of codes, or the text {@code all} for every listed Korean instrument. | 요청 종목: 종목코드
 * 목록, 또는 국내 상장 종목 전체를 뜻하는 {@code all}.
 *
 * @param symbols The codes; empty for every listed Korean instrument. | 종목코드 목록. 비어 있으면 국내 상장 종목 전체.
 */
@OneOf(SymbolSelection.ALL)
public record SymbolSelection(Optional<@Size(min = 1, max = 4000) List<@AnySymbol String>> symbols) {
    static final String ALL = "all";

    /** Every listed Korean instrument. */
    public static SymbolSelection all() {
        return new SymbolSelection(Optional.empty());
    }

    /** These codes. */
    public static SymbolSelection of(List<String> symbols) {
        return new SymbolSelection(Optional.of(List.copyOf(symbols)));
    }

    @JsonCreator
    static SymbolSelection read(Object value) {
        return switch (value) {
            case List<?> list -> of(list.stream().map(Object::toString).toList());
            case Object text when text.equals(ALL) -> all();
            case Object other -> throw new IllegalArgumentException("neither a list of symbols nor all: " + other);
        };
    }

    @JsonValue
    Object json() {
        return symbols.isPresent() ? symbols.get() : ALL;
    }
}
