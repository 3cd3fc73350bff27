*** Settings ***
Documentation     The hypervisor: an unpatched Linux on the emulated POWER9, under an ultravisor.
Resource          renode-uvmem.resource

*** Test Cases ***
Boots To A Shell
    Create Hypervisor
    Create Log Tester    ${TIMEOUT}
    Wait For Line On Uart    Linux version 6.1
    # The pause was at the very instruction.
    Should Not Be In Log    ranslation block    timeout=0
    # arch/powerpc/kvm/book3s_hv_uvmem.c, kvmppc_uvmem_init(): the size of smc's memory.
    Wait For Line On Uart    KVMPPC-UVMEM: Secure Memory size 0x40000000
    Wait For Line On Uart    ${HYPERVISOR IS UP}
    There Should Be No Secure Guest
    # arch/powerpc/mm/book3s64/pgtable.c: with an ultravisor, partition table entries are written by ultracall; so far its own.
    Ultracall Count Should Be    UV_WRITE_PATE    1
    Ultracall Count Should Be    UV_ESM    0
    Refused Accesses Should Be    cpus=0    walks=0    devices=0
    Provides    shell

Answers On Its Console
    Requires    shell
    Wait For Prompt On Uart    \#
    Write Line To Uart    cat /sys/firmware/devicetree/base/ibm,ultravisor/compatible; echo
    Wait For Line On Uart    ibm,ultravisor
    Write Line To Uart    grep cpu /proc/cpuinfo
    Wait For Line On Uart    POWER9

Powers Off
    Requires    shell
    Wait For Prompt On Uart    \#
    Create Log Tester    ${TIMEOUT}
    Execute Command    opal PauseOnPowerOff true
    Write Line To Uart    poweroff -f
    Wait For Line On Uart    reboot: Power down
    Wait For Log Entry    The guest powered the machine off
    Wait Until Keyword Succeeds    1 min    100 ms    Emulation Should Be Paused
