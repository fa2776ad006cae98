package kr.kisgateway.api.stream;

/**
 * A message of the gateway on the stream. | 게이트웨이가 스트림으로 보내는 메시지.
 */
public sealed interface StreamMessage
        permits StreamHello,
                StreamAck,
                StreamError,
                StreamMode,
                StreamQuote,
                StreamUsQuote,
                StreamTrade,
                StreamUsTrade,
                StreamGap,
                StreamBook,
                StreamUsBook,
                StreamOrder,
                StreamExecution,
                StreamResumed,
                StreamBar,
                StreamUsBar,
                StreamSession,
                StreamAlert {}
