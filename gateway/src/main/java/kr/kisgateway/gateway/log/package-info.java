/**
 * How events become lines of the log; {@code logback.xml} names these classes. A line stays one line and of bounded length
 * whatever external clients send ({@link kr.kisgateway.gateway.log.LineConverter}), a flood of one event is counted instead of
 * written ({@link kr.kisgateway.gateway.log.RepeatAppender}), libraries log nothing below INFO, where they would write what they
 * send ({@link kr.kisgateway.gateway.log.LibraryLevels}), and security events go to a file
 * of their own as well ({@link kr.kisgateway.gateway.log.SecurityLog}).
 */
@NullMarked
package kr.kisgateway.gateway.log;

import org.jspecify.annotations.NullMarked;
