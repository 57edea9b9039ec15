#include "rate.h"

#include <math.h>

#define LONGEST  1.0
#define RECOVERY 0.9

void rs_rate_begin(struct rs_rate *rate, double frames_a_second)
{
    *rate = (struct rs_rate){.least = 1 / frames_a_second, .pause = 1 / frames_a_second};
}

void rs_rate_want(struct rs_rate *rate, bool urgent)
{
    rate->wanted = true;
    rate->urgent = rate->urgent || urgent;
}

bool rs_rate_due(struct rs_rate *rate, bool ready, double now)
{
    bool due = rate->wanted && (rate->urgent || now >= rate->next);
    if (due && !ready && !rate->late) {
        rate->late = true;
        rate->pause = fmin(2 * rate->pause, fmax(LONGEST, rate->least));
    }
    return due && ready;
}

void rs_rate_painted(struct rs_rate *rate, double now)
{
    if (!rate->late)
        rate->pause = fmax(rate->pause * RECOVERY, rate->least);
    rate->next = now + rate->pause;
    rate->wanted = rate->urgent = rate->late = false;
}

double rs_rate_wait(const struct rs_rate *rate, bool ready, double now)
{
    if (!rate->wanted || !ready)
        return -1;
    return rate->urgent ? 0 : fmax(rate->next - now, 0);
}
