package kr.kisgateway.bench;

import java.util.List;

final class StreamBench implements Bench {
    @Override
    public List<Result> run(Workshop workshop) {
        return List.of();
    }
}
