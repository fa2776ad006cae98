/** Files that are written completely or not at all. */
@NullMarked
package kr.kisgateway.gateway.file;

import org.jspecify.annotations.NullMarked;
