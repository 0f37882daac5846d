# nix-build packaging/nix, or (callPackage ./packaging/nix { }) in a configuration.
{ pkgs ? import <nixpkgs> { }
, llvmPackages ? pkgs.llvmPackages_22
, src ? ../..
}:

llvmPackages.stdenv.mkDerivation {
  pname = "coro-tidy";
  version = "0.1.0";
  inherit src;

  nativeBuildInputs = [ pkgs.cmake pkgs.ninja pkgs.python3 pkgs.gzip ];
  buildInputs = [ llvmPackages.llvm llvmPackages.libclang pkgs.zlib pkgs.zstd pkgs.libxml2 ];

  cmakeFlags = [
    "-DCORO_LLVM_MAJOR=22"
    "-DCORO_BUILD_TESTS=OFF"
    "-DCORO_BUILD_CLANGD=OFF"
  ];

  meta = {
    description = "Finds bugs in C++20 coroutines";
    homepage = "https://github.com/coro-tidy/coro-tidy";
    mainProgram = "coro-tidy";
    platforms = pkgs.lib.platforms.unix;
  };
}
