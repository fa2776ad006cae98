package kr.kisgateway.api.quote;

import java.util.List;
import kr.kisgateway.api.schema.Size;

/**
 * Symbols whose quotes are wanted in one answer. | 한 번에 조회할 종목.
 *
 * @param symbols Codes; each different one is answered once. | 종목코드. 중복은 한 번만 응답.
 */
public record QuoteBatchRequest(@Size(min = 1, max = 4000) List<String> symbols) {}
