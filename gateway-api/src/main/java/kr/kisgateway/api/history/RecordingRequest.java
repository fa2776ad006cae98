package kr.kisgateway.api.history;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.Default;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Size;

/**
 * Request to record ticks, across restarts, until the recording is deleted. | 틱 기록 요청. 삭제할 때까지, 재시작 후에도 계속합니다.
 *
 * @param symbols Symbols to record, Korean and US. | 기록할 종목코드 (국내, 미국).
 * @param channels Data to record: {@code trades} every trade, {@code books} every snapshot of the order book. | 기록할
 *     데이터: {@code trades}(체결), {@code books}(호가).
 */
public record RecordingRequest(
        @Size(min = 1, max = 1000) List<@AnySymbol String> symbols,

        @Size(min = 1, max = 2) @Default("[\"trades\"]") @OmittedWhenEmpty
        Optional<List<@OneOf({"trades", "books"}) String>> channels) {}
