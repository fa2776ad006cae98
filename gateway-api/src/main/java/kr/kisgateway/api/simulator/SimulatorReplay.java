package kr.kisgateway.api.simulator;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.schema.OneOf;

/**
 * A past day that is played again: the simulator's prices follow the minutes of that day, and orders are matched at them.
 * | 과거 하루를 다시 재생합니다. 시뮬레이터의 가격이 그날의 분봉을 따라 움직이고 주문은 그 가격에 체결됩니다.
 *
 * @param day Day whose minutes are played. | 재생하는 날짜.
 * @param symbols Symbols whose prices follow it. | 재생하는 종목.
 * @param state PLAYING, PAUSED, or ENDED after the last minute. | 상태.
 * @param at Time of that day that is reached, as {@code 10:31:15}. | 현재 재생 시각.
 * @param from Time of the first minute. | 첫 분봉의 시각.
 * @param to End of the last minute. | 마지막 분봉이 끝나는 시각.
 * @param speed How many times as fast as that day. | 재생 배속.
 * @param problem Why it was paused by the gateway; null otherwise. | 게이트웨이가 재생을 멈춘 이유. 없으면 null.
 */
public record SimulatorReplay(
        LocalDate day,
        List<String> symbols,
        @OneOf({"PLAYING", "PAUSED", "ENDED"}) String state,
        String at,
        String from,
        String to,
        long speed,
        Optional<String> problem) {}
