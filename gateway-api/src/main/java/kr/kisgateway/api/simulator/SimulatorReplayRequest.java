package kr.kisgateway.api.simulator;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.OmittedWhenEmpty;

/**
 * Begins a replay, with {@code day} and {@code symbols}, or changes the one that there is. | 재생을 시작하거나
 * ({@code day}, {@code symbols}) 진행 중인 재생을 바꿉니다.
 *
 * @param day Day whose minutes are played. | 재생할 날짜.
 * @param symbols 1 to 10 symbols of Korea. | 국내 종목 1~10개.
 * @param playing false to pause, true to go on. | 일시 정지는 false, 계속은 true.
 * @param speed How many times as fast as that day, 1 to 600. | 재생 배속, 1~600.
 * @param at Time of that day to jump to, as {@code 10:30}. | 이동할 시각.
 * @param end true to end it; prices continue from where they are. | 재생을 끝내려면 true.
 */
public record SimulatorReplayRequest(
        @OmittedWhenEmpty Optional<LocalDate> day,
        @OmittedWhenEmpty Optional<List<String>> symbols,
        @OmittedWhenEmpty Optional<Boolean> playing,
        @OmittedWhenEmpty OptionalLong speed,
        @OmittedWhenEmpty Optional<String> at,
        @OmittedWhenEmpty Optional<Boolean> end) {}
