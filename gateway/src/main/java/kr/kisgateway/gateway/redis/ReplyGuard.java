package kr.kisgateway.gateway.redis;

import io.lettuce.core.protocol.CommandEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;

/**
 * Closes a connection whose peer sends more replies than it received commands, a reply longer than any that the gateway
 * requests, or bytes of another protocol. Otherwise every further reply would be taken for that of another command, and the
 * client library would buffer as many bytes outside the heap as the peer sends or announces.
 */
final class ReplyGuard extends ChannelDuplexHandler {
    private final RespCounter commands = new RespCounter(Long.MAX_VALUE);
    private final RespCounter replies;
    private final Consumer<String> onViolation;
    private boolean violated;

    private ReplyGuard(long replyBytesMax, Consumer<String> onViolation) {
        this.replies = new RespCounter(replyBytesMax);
        this.onViolation = onViolation;
    }

    /**
     * Guards the client library's handlers of {@code channel}.
     *
     * @param replyBytesMax limit of one reply
     * @param onViolation receives the cause before the channel is closed; called by the channel's thread, must not wait
     */
    static void install(Channel channel, long replyBytesMax, Consumer<String> onViolation) {
        // Between TLS, if any, and the library.
        var library = channel.pipeline().context(CommandEncoder.class);
        channel.pipeline().addBefore(library.name(), "reply-guard", new ReplyGuard(replyBytesMax, onViolation));
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof ByteBuf bytes) {
            commands.accept(bytes);
        }
        super.write(context, message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (!violated && message instanceof ByteBuf bytes) {
            check(context, bytes);
        }
        if (violated) {
            ReferenceCountUtil.release(message);
        } else {
            super.channelRead(context, message);
        }
    }

    private void check(ChannelHandlerContext context, ByteBuf bytes) {
        boolean readable = replies.accept(bytes);
        if (readable && replies.values() <= commands.values()) {
            return;
        }
        violated = true;
        onViolation.accept(readable ? "more_replies_than_commands" : "reply_too_long_or_unreadable");
        context.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
}
