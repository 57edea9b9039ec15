/* SHA-256 against the vectors of FIPS 180-4, and in pieces against in one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/base/hash_sets.h"
#include "recscope/base/hash.h"

static void hash_of(const void *bytes, size_t length, char out[RS_HASH_TEXT])
{
    struct rs_hash hash;
    rs_hash_start(&hash);
    rs_hash_add(&hash, bytes, length);
    rs_hash_finish(&hash, out);
}

static void test_published_vectors(void **state)
{
    (void)state;
    char out[RS_HASH_TEXT];
    hash_of("", 0, out);
    assert_string_equal(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    hash_of("abc", 3, out);
    assert_string_equal(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const char *two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    hash_of(two_blocks, strlen(two_blocks), out);
    assert_string_equal(out, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void test_a_million_letters(void **state)
{
    (void)state;
    char piece[1000];
    char out[RS_HASH_TEXT];
    memset(piece, 'a', sizeof piece);
    struct rs_hash hash;
    rs_hash_start(&hash);
    for (int i = 0; i < 1000; i++)
        rs_hash_add(&hash, piece, sizeof piece);
    rs_hash_finish(&hash, out);
    assert_string_equal(out, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Every length across two block edges, cut at every place. */
static void test_pieces_are_one_message(void **state)
{
    (void)state;
    enum { LONGEST = 130 };
    uint8_t bytes[LONGEST];
    for (size_t i = 0; i < LONGEST; i++)
        bytes[i] = (uint8_t)(7 * i + 1);
    char before[RS_HASH_TEXT] = "";
    for (size_t length = 0; length <= LONGEST; length++) {
        char whole[RS_HASH_TEXT];
        hash_of(bytes, length, whole);
        assert_string_not_equal(whole, before);
        memcpy(before, whole, sizeof before);
        for (size_t cut = 0; cut <= length; cut++) {
            char pieces[RS_HASH_TEXT];
            struct rs_hash hash;
            rs_hash_start(&hash);
            rs_hash_add(&hash, bytes, cut);
            rs_hash_add(&hash, bytes + cut, length - cut);
            rs_hash_finish(&hash, pieces);
            assert_string_equal(pieces, whole);
        }
    }
}

/* Portable C and the SHA instructions, from any state, over any number of blocks. */
static void test_instruction_sets_agree(void **state)
{
    (void)state;
    if (!rs_hash_has_sha()) {
        print_message("this machine has no SHA instructions\n");
        skip();
    }
#ifdef RS_HASH_X86
    enum { BLOCKS = 9 };
    uint8_t bytes[64 * BLOCKS + 1];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * i / 3 + 5 * i);
    for (size_t blocks = 0; blocks <= BLOCKS; blocks++) {
        uint32_t plain[8];
        uint32_t sha[8];
        for (uint32_t i = 0; i < 8; i++)
            plain[i] = sha[i] = UINT32_C(0x9E3779B9) * (i + 1 + (uint32_t)blocks);
        rs_hash_blocks_plain(plain, bytes + blocks % 2, blocks);
        rs_hash_blocks_sha(sha, bytes + blocks % 2, blocks);
        assert_memory_equal(plain, sha, sizeof plain);
    }
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_vectors),
        cmocka_unit_test(test_a_million_letters),
        cmocka_unit_test(test_pieces_are_one_message),
        cmocka_unit_test(test_instruction_sets_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
