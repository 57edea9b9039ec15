/* machine.c -- what this machine can do at most, measured beside the benchmark's rows. Stands alone.
 *
 *     machine THREADS NUMBERS
 *
 * Prints one object: multiply-adds in registers; memory as triad sees it, a = b + c * s, at 12 bytes a number; and as
 * an update in place of three arrays of NUMBERS does (weights and two moments, each read and written: 24 bytes a
 * number), which is what Adam cannot do without. Each is the best of some rounds, with all threads together. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS        25
#define THREADS_MOST  256
#define TRIAD_NUMBERS ((size_t)32 << 20) /* 384 MiB: no cache helps */
#define FMA_STEPS     2000000

#if defined(__AVX512F__)
#define VECTOR_NUMBERS 16
#elif defined(__AVX__)
#define VECTOR_NUMBERS 8
#else
#define VECTOR_NUMBERS 4
#endif
typedef float vector __attribute__((vector_size(VECTOR_NUMBERS * sizeof(float))));
#define CHAINS 10 /* independent: more than latency times units of any such machine */

struct machine {
    size_t threads;
    pthread_barrier_t barrier;
    float *a, *b, *c; /* (numbers) */
    size_t numbers;
    void (*work)(const struct machine *machine, size_t from, size_t to);
    float sink[THREADS_MOST]; /* so that nothing is optimised away */
};

struct worker {
    struct machine *machine;
    size_t index;
    double seconds[ROUNDS]; /* of worker 0: until all were done */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static float multiply_add(float start)
{
    vector x[CHAINS];
    vector scale = {0};
    vector shift = {0};
    for (size_t i = 0; i < VECTOR_NUMBERS; i++) {
        scale[i] = 0.999f;
        shift[i] = start;
    }
    for (size_t i = 0; i < CHAINS; i++)
        x[i] = shift;
    for (size_t step = 0; step < FMA_STEPS; step++) {
        for (size_t i = 0; i < CHAINS; i++)
            x[i] = x[i] * scale + shift;
    }
    for (size_t i = 1; i < CHAINS; i++)
        x[0] += x[i];
    return x[0][0];
}

static void triad(const struct machine *machine, size_t from, size_t to)
{
    float *restrict a = machine->a;
    const float *restrict b = machine->b;
    const float *restrict c = machine->c;
    for (size_t i = from; i < to; i++)
        a[i] = b[i] + c[i] * 0.5f;
}

static void update(const struct machine *machine, size_t from, size_t to)
{
    float *restrict w = machine->a;
    float *restrict s = machine->b;
    float *restrict t = machine->c;
    for (size_t i = from; i < to; i++) {
        s[i] = 0.9f * s[i] + 0.1f * w[i];
        t[i] = 0.99f * t[i] + 0.01f * w[i];
        w[i] -= 0.01f * (s[i] + t[i]);
    }
}

static void *work(void *context)
{
    struct worker *self = context;
    struct machine *machine = self->machine;
    size_t from = machine->numbers * self->index / machine->threads;
    size_t to = machine->numbers * (self->index + 1) / machine->threads;
    for (size_t i = from; i < to; i++) /* the pages are this thread's */
        machine->a[i] = machine->b[i] = machine->c[i] = 1;
    for (size_t round = 0; round < ROUNDS; round++) {
        pthread_barrier_wait(&machine->barrier);
        double start = now();
        if (machine->work)
            machine->work(machine, from, to);
        else
            machine->sink[self->index] += multiply_add((float)round);
        pthread_barrier_wait(&machine->barrier);
        self->seconds[round] = now() - start;
    }
    return NULL;
}

/* Seconds of the best round. */
static double measure(struct machine *machine)
{
    static struct worker worker[THREADS_MOST];
    pthread_t thread[THREADS_MOST] = {0};
    pthread_barrier_init(&machine->barrier, NULL, (unsigned)machine->threads);
    for (size_t i = 0; i < machine->threads; i++) {
        worker[i] = (struct worker){.machine = machine, .index = i};
        if (i > 0 && pthread_create(&thread[i], NULL, work, &worker[i]) != 0) {
            fprintf(stderr, "machine: thread %zu does not start\n", i);
            exit(1);
        }
    }
    work(&worker[0]);
    for (size_t i = 1; i < machine->threads; i++)
        pthread_join(thread[i], NULL);
    pthread_barrier_destroy(&machine->barrier);
    double best = worker[0].seconds[0];
    for (size_t round = 1; round < ROUNDS; round++)
        best = worker[0].seconds[round] < best ? worker[0].seconds[round] : best;
    return best;
}

static double measure_memory(struct machine *machine, size_t numbers,
                             void (*loop)(const struct machine *machine, size_t from, size_t to))
{
    machine->numbers = numbers;
    machine->work = loop;
    machine->a = malloc(3 * numbers * sizeof(float));
    if (!machine->a) {
        fprintf(stderr, "machine: no memory for %zu numbers\n", 3 * numbers);
        exit(1);
    }
    machine->b = machine->a + numbers;
    machine->c = machine->b + numbers;
    double seconds = measure(machine);
    free(machine->a);
    return seconds;
}

int main(int argc, char **argv)
{
    static struct machine machine;
    char *end;
    machine.threads = argc == 3 ? (size_t)strtoul(argv[1], &end, 10) : 0;
    size_t numbers = argc == 3 ? (size_t)strtoul(argv[2], &end, 10) : 0;
    if (machine.threads < 1 || machine.threads > THREADS_MOST || numbers == 0) {
        fprintf(stderr, "usage: machine THREADS NUMBERS\n");
        return 2;
    }
    double flops = 2.0 * FMA_STEPS * CHAINS * VECTOR_NUMBERS * (double)machine.threads;
    double fma = flops / measure(&machine);
    double triads = 12.0 * (double)TRIAD_NUMBERS / measure_memory(&machine, TRIAD_NUMBERS, triad);
    double updates = 24.0 * (double)numbers / measure_memory(&machine, numbers, update);
    printf("{\"threads\":%zu,\"vector\":%d,\"flops\":%.4g,\"triad_bytes\":%.4g,\"update_bytes\":%.4g}\n",
           machine.threads, VECTOR_NUMBERS, fma, triads, updates);
    return 0;
}
