# A formula for a tap: `brew install coro-tidy/tap/coro-tidy`. The release script fills in the checksum.
class CoroTidy < Formula
  desc "Finds bugs in C++20 coroutines"
  homepage "https://github.com/coro-tidy/coro-tidy"
  url "https://github.com/coro-tidy/coro-tidy/archive/refs/tags/v0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "Apache-2.0" => { with: "LLVM-exception" }
  head "https://github.com/coro-tidy/coro-tidy.git", branch: "main"

  depends_on "cmake" => :build
  depends_on "ninja" => :build
  depends_on "llvm@22"
  uses_from_macos "python" => :build

  def install
    llvm = Formula["llvm@22"]
    # The language server needs clangd's archives, which this LLVM does not bring.
    system "cmake", "-S", ".", "-B", "build", "-G", "Ninja",
           "-DCMAKE_PREFIX_PATH=#{llvm.opt_prefix}", "-DCMAKE_CXX_COMPILER=#{llvm.opt_bin}/clang++",
           "-DCORO_LLVM_MAJOR=22", "-DCORO_BUILD_TESTS=OFF", "-DCORO_BUILD_CLANGD=OFF", *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
  end

  test do
    (testpath/"main.cpp").write <<~CPP
      #include <coroutine>
      struct task {
        struct promise_type {
          task get_return_object() { return {}; }
          std::suspend_always initial_suspend() { return {}; }
          std::suspend_always final_suspend() noexcept { return {}; }
          void return_void() {}
          void unhandled_exception() {}
        };
        bool await_ready() const noexcept;
        void await_suspend(std::coroutine_handle<>);
        void await_resume();
      };
      task work();
      task caller() { work(); co_return; }
    CPP
    assert_match "coro-missing-await", shell_output("#{bin}/coro-tidy check main.cpp -- -std=c++20", 1)
  end
end
