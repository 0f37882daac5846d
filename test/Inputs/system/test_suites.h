// A testing framework in a system header: hooks that fixtures hide.
#ifndef TEST_TEST_SUITES_H
#define TEST_TEST_SUITES_H
namespace testing {
class Test {
public:
  virtual ~Test();
  static void SetUpTestSuite() {}
  static void TearDownTestSuite() {}
};
} // namespace testing
#endif
