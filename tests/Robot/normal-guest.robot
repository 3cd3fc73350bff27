*** Settings ***
Documentation     The contrast: a normal KVM guest beside an ultravisor. Its memory is an open book for the hypervisor.
Resource          renode-uvmem.resource

*** Test Cases ***
Normal Guest Runs Beside An Ultravisor
    Boot Hypervisor    normal
    Wait For Line On Uart    guest| /sys/devices/system/cpu/svm: 0
    Wait For Line On Uart    demo: not secure: the host sees the secret
    Wait For Line On Uart    demo: not secure: host and guest read each other's writes
    There Should Be No Secure Guest
    Story Should End Well
    Ultracall Count Should Be    UV_ESM    0
    Ultracall Count Should Be    UV_PAGE_IN    0
    Refused Accesses Should Be    cpus=0    walks=0    devices=0
