/* clock.h -- seconds that only move forward. Threads: safe from any thread. */
#ifndef RECSCOPE_BASE_CLOCK_H
#define RECSCOPE_BASE_CLOCK_H

/* Seconds since an arbitrary start, from the monotonic clock. */
double rs_clock_seconds(void);

#endif
