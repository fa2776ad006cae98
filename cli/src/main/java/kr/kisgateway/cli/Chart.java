package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.api.bar.BarCalls;
import kr.kisgateway.api.bar.BarPage;
import kr.kisgateway.api.bar.UsBarPage;
import kr.kisgateway.terminal.Screen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "A candle chart of an instrument in the terminal, the newest bar at the right.%n"
                + "종목의 캔들 차트를 터미널에 그립니다. 오른쪽이 가장 최근 봉입니다.")
final class Chart extends GatewayCommand {
    private static final int WIDTH_WITHOUT_TERMINAL = 80;
    private static final int HEIGHT_MIN = 4;
    private static final int HEIGHT_MAX = 100;

    @Parameters(paramLabel = "SYMBOL", description = "005930, or AAPL.NASD")
    private String symbol = "";

    @Option(
            names = "--period",
            paramLabel = "PERIOD",
            converter = KnownWord.Period.class,
            defaultValue = "D",
            description = "1m, 3m, 5m, 10m, 30m, 60m, D, W, M or Y (D)")
    private String period = "";

    @Option(names = "--height", paramLabel = "N", description = "lines of prices, 4 to 100 (16)")
    private int height = 16;

    Chart(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        if (height < HEIGHT_MIN || height > HEIGHT_MAX) {
            throw usageError("--height is " + HEIGHT_MIN + " to " + HEIGHT_MAX + ", not " + height);
        }
        int columns = kis.process().width();
        int width = columns == Screen.UNBOUNDED ? WIDTH_WITHOUT_TERMINAL : columns;
        int bars = CandleChart.barsIn(width);
        var query = new BarCalls.Query(
                symbol,
                period,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.of(bars),
                Optional.empty(),
                Optional.empty());
        return report(gateway.get(BarCalls.bars(query)), page -> {
            switch (page) {
                case BarPage korean -> draw(candles(korean));
                case UsBarPage us -> draw(candles(us));
            }
        });
    }

    private static List<CandleChart.Candle> candles(BarPage page) {
        return page.bars().stream()
                .map(bar -> new CandleChart.Candle(
                        page.adjusted().isEmpty()
                                ? Bars.begin(bar.ts(), Bars.SEOUL)
                                : bar.date().toString(),
                        BigDecimal.valueOf(bar.open()),
                        BigDecimal.valueOf(bar.high()),
                        BigDecimal.valueOf(bar.low()),
                        BigDecimal.valueOf(bar.close()),
                        bar.volume()))
                .toList()
                .reversed();
    }

    private static List<CandleChart.Candle> candles(UsBarPage page) {
        return page.bars().stream()
                .map(bar -> new CandleChart.Candle(
                        page.adjusted().isEmpty()
                                ? Bars.begin(bar.ts(), Bars.NEW_YORK)
                                : bar.date().toString(),
                        bar.open(),
                        bar.high(),
                        bar.low(),
                        bar.close(),
                        bar.volume()))
                .toList()
                .reversed();
    }

    private void draw(List<CandleChart.Candle> candles) {
        if (candles.isEmpty()) {
            screen().line("No bars: nothing traded then.");
            return;
        }
        CandleChart.lines(candles, height, kis.process().colours())
                .forEach(kis.process().out()::println);
    }
}
